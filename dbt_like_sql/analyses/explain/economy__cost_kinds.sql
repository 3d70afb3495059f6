-- One row: one voucher row in one figure of cost_kinds.
select
    lines.association, lines.period, ledger.intervention_id, accounts.kind_order, accounts.kind,
    'outcome_kr' as figure, 'sum' as term, 'outcome' as role, {{ kr('ledger.amount_ore') }} as contribution,
    'huvudbok' as source, ledger.path, ledger.sheet, ledger.row
from {{ ref('int_period_lines') }} as lines
inner join {{ ref('int_ledger_lines') }} as ledger
    on lines.association = ledger.association
    and lines.line_id = ledger.line_id
    and ledger.month between lines.starts_on and lines.ends_on
inner join {{ ref('int_cost_accounts') }} as accounts
    on ledger.association = accounts.association
    and ledger.account = accounts.account
where lines.block <> 'income'
