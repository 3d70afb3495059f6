-- One row: one account, intervention and line in one month, in öre with the ledger's sign. Every period is whole months, so all
-- period figures are sums of these. Balance accounts and closing accounts have no line.
with all_rows as (
    select association, month, account, intervention_id, orientation, settled, line_id, true as is_result_account, amount_ore
    from {{ ref('int_ledger_lines') }}
    union all
    select
        ledger.association, ledger.month, ledger.account,
        interventions.intervention_id, interventions.orientation, coalesce(interventions.settled, false) as settled,
        cast(null as varchar) as line_id, false as is_result_account, ledger.amount_ore
    from {{ ref('stg_ledger') }} as ledger
    left join {{ ref('int_object_interventions') }} as interventions
        on ledger.association = interventions.association
        and ledger.objects = interventions.objects
    where not ledger.is_result_account
)
select
    association, month, account, intervention_id, orientation, settled, line_id, is_result_account,
    cast(sum(amount_ore) as bigint) as amount_ore,
    count(*) as rows
from all_rows
group by association, month, account, intervention_id, orientation, settled, line_id, is_result_account
