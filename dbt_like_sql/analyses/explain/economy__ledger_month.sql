-- One row: one voucher row in one figure of ledger_month.
with booked as (
    select association, month, account, intervention_id, line_id, amount_ore, path, sheet, row
    from {{ ref('int_ledger_lines') }}
    union all
    select
        ledger.association, ledger.month, ledger.account, interventions.intervention_id, cast(null as varchar) as line_id,
        ledger.amount_ore, ledger.path, ledger.sheet, ledger.row
    from {{ ref('stg_ledger') }} as ledger
    left join {{ ref('int_object_interventions') }} as interventions
        on ledger.association = interventions.association
        and ledger.objects = interventions.objects
    where not ledger.is_result_account
)
select
    association, strftime(month, '%Y-%m') as month, account, intervention_id, line_id,
    figures.figure, 'sum' as term, 'voucher_row' as role,
    case figures.figure when 'rows' then 1 else {{ kr('amount_ore') }} end as contribution,
    'huvudbok' as source, path, sheet, row
from booked
cross join (values ('amount_kr'), ('rows')) as figures (figure)
