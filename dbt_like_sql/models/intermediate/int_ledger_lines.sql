-- One row: one voucher row on a result account (class 3-8 without closing accounts), the intervention it belongs to and the line
-- it lands on. A row whose line is null is unmapped and blocks the economy marts (rule L008).
select
    ledger.association, ledger.path, ledger.sha256, ledger.sheet, ledger.row, ledger.booked_on, ledger.month,
    ledger.account, ledger.objects, ledger.amount_ore,
    interventions.intervention_id, interventions.orientation, coalesce(interventions.settled, false) as settled,
    matches.line_id
from {{ ref('stg_ledger') }} as ledger
left join {{ ref('int_object_interventions') }} as interventions
    on ledger.association = interventions.association
    and ledger.objects = interventions.objects
left join {{ ref('int_line_matches') }} as matches
    on ledger.association = matches.association
    and ledger.account = matches.account
    and ledger.objects = matches.objects
    and ledger.booked_on >= matches.first_day
    and ledger.booked_on <= matches.last_day
where ledger.is_result_account
