-- One row: the outcome of one line and intervention in one period, in öre with the sign a report prints: income is minus the sum
-- of its voucher rows, every other line plus the sum.
select
    lines.association, lines.period, lines.line_id, lines.block,
    months.intervention_id, months.orientation, months.settled,
    cast(sum(case when lines.block = 'income' then -months.amount_ore else months.amount_ore end) as bigint) as outcome_ore
from {{ ref('int_period_lines') }} as lines
inner join {{ ref('int_ledger_months') }} as months
    on lines.association = months.association
    and lines.line_id = months.line_id
    and months.month between lines.starts_on and lines.ends_on
where months.line_id is not null
group by lines.association, lines.period, lines.line_id, lines.block, months.intervention_id, months.orientation, months.settled
