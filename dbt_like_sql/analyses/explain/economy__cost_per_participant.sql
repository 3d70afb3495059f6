-- One row: what one row of a file adds to one figure of cost_per_participant, or to the numerator or the denominator of a cost
-- per head.
with costs as (
    select association, period, intervention_id, amount_kr as contribution, source, path, sheet, row
    from ({{ outcome_rows(ref('int_period_lines'), ref('int_ledger_lines')) }}) as outcomes
    where block <> 'income'
),
participants as (
    select association, period, intervention_id, participants as contribution, source, path, sheet, row
    from {{ ref('int_window_participations') }}
    where span = 'period' and is_counted
    union all
    select association, period, intervention_id, participants as contribution, source, path, sheet, row
    from ({{ anonymous_rows(source('register', 'periods'), source('accepted', 'sus_insatser')) }}) as anonymous
),
ended as (
    select association, period, intervention_id, exit_reason, ended as contribution, source, path, sheet, row
    from {{ ref('int_window_participations') }}
    where span = 'period' and is_counted
),
work_or_study as (
    select ended.* exclude (exit_reason)
    from ended
    inner join {{ source('register', 'codes') }} as codes
        on ended.association = codes.association
        and codes.list = 'exit_reason'
        and ended.exit_reason = codes.code
    where codes."group" in ('work', 'study', 'work_or_study')
),
figures as (
    select *, 'outcome_kr' as figure, 'sum' as term, 'outcome' as role from costs
    union all
    select *, 'participants' as figure, 'sum' as term, 'participation' as role from participants
    union all
    select * exclude (exit_reason), 'ended' as figure, 'sum' as term, 'participation' as role from ended
    union all
    select *, 'work_or_study' as figure, 'sum' as term, 'participation' as role from work_or_study
    union all
    select *, 'cost_per_participant_kr' as figure, 'numerator' as term, 'outcome' as role from costs
    union all
    select *, 'cost_per_participant_kr' as figure, 'denominator' as term, 'participation' as role from participants
    union all
    select *, 'cost_per_work_or_study_kr' as figure, 'numerator' as term, 'outcome' as role from costs
    union all
    select *, 'cost_per_work_or_study_kr' as figure, 'denominator' as term, 'participation' as role from work_or_study
)
select association, period, intervention_id, figure, term, role, contribution, source, path, sheet, row
from figures
