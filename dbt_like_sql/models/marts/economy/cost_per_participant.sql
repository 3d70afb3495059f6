-- One row: one individual intervention in one period: its outcome over its participants (anonymous included) and over those who
-- ended to work or study, by the group of their exit reason.
with flow as (
    select association, period, intervention_id, cast(sum(participants) as bigint) as participants, cast(sum(ended) as bigint) as ended
    from {{ ref('participant_flow') }}
    group by association, period, intervention_id
),
work_or_study as (
    select reasons.association, reasons.period, reasons.intervention_id, cast(sum(reasons.ended) as bigint) as ended
    from {{ ref('exit_reasons') }} as reasons
    inner join {{ source('register', 'codes') }} as codes
        on reasons.association = codes.association
        and codes.list = 'exit_reason'
        and reasons.exit_reason = codes.code
    where codes."group" in ('work', 'study', 'work_or_study')
    group by reasons.association, reasons.period, reasons.intervention_id
),
figures as (
    select
        budget.association, budget.period, budget.intervention_id, budget.outcome_kr,
        {{ ore('budget.outcome_kr') }} as outcome_ore,
        flow.participants, flow.ended,
        coalesce(work_or_study.ended, 0) as work_or_study
    from {{ ref('intervention_budget') }} as budget
    inner join flow
        on budget.association = flow.association
        and budget.period = flow.period
        and budget.intervention_id = flow.intervention_id
    left join work_or_study
        on budget.association = work_or_study.association
        and budget.period = work_or_study.period
        and budget.intervention_id = work_or_study.intervention_id
)
select
    association, period, intervention_id, outcome_kr, participants, ended, work_or_study,
    {{ kr(half_up('outcome_ore', 'participants')) }} as cost_per_participant_kr,
    {{ kr(half_up('outcome_ore', 'work_or_study')) }} as cost_per_work_or_study_kr
from figures
