-- One row: one kind of cost in one intervention, or (intervention null) outside all of them, in one period: the rows on lines outside
-- block income, settled interventions gross.
select
    lines.association, lines.period, months.intervention_id, accounts.kind_order, accounts.kind, accounts.label,
    {{ kr('sum(months.amount_ore)') }} as outcome_kr
from {{ ref('int_period_lines') }} as lines
inner join {{ ref('int_ledger_months') }} as months
    on lines.association = months.association
    and lines.line_id = months.line_id
    and months.month between lines.starts_on and lines.ends_on
inner join {{ ref('int_cost_accounts') }} as accounts
    on months.association = accounts.association
    and months.account = accounts.account
where lines.block <> 'income' and months.line_id is not null
group by lines.association, lines.period, months.intervention_id, accounts.kind_order, accounts.kind, accounts.label
