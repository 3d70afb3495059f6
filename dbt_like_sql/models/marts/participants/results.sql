-- One row: what the participations that ended in one period led to, in one individual intervention or (intervention null) in all of
-- them, for one gender or all (total); zeros included. Two shares of work or study are told apart: of those of the gender who ended,
-- and of all who went to work or study whatever their gender.
with counted as (
    select
        association, period, intervention_id, gender,
        min(judged_by) as first_basis, max(judged_by) as last_basis,
        sum(work) as work, sum(study) as study, sum(work_or_study) as work_or_study, sum(positive_other) as positive_other,
        sum(occupation_known) as occupation_known, sum(work_or_study_after) as work_or_study_after,
        sum(started_or_increased) as started_or_increased
    from {{ ref('int_results') }}
    where span = 'period' and is_shown
    group by association, period, intervention_id, gender
),
filled as (
    select
        flow.association, flow.period, flow.intervention_id, flow.gender, flow.ended,
        counted.first_basis, counted.last_basis,
        coalesce(counted.work, 0) as work,
        coalesce(counted.study, 0) as study,
        coalesce(counted.work_or_study, 0) as work_or_study,
        coalesce(counted.positive_other, 0) as positive_other,
        coalesce(counted.occupation_known, 0) as occupation_known,
        coalesce(counted.work_or_study_after, 0) as work_or_study_after,
        coalesce(counted.started_or_increased, 0) as started_or_increased
    from {{ ref('participant_flow') }} as flow
    left join counted
        on flow.association = counted.association
        and flow.period = counted.period
        and flow.intervention_id = counted.intervention_id
        and flow.gender = counted.gender
    where flow.gender <> 'anonymous'
),
levelled as (
    {{ by_level('filled') }}
),
summed as (
    select
        association, period, intervention_id, gender,
        min(first_basis) as first_basis, max(last_basis) as last_basis,
        cast(sum(ended) as bigint) as ended,
        cast(sum(work) as bigint) as work,
        cast(sum(study) as bigint) as study,
        cast(sum(work_or_study) as bigint) as work_or_study,
        cast(sum(positive_other) as bigint) as positive_other,
        cast(sum(occupation_known) as bigint) as occupation_known,
        cast(sum(work_or_study_after) as bigint) as work_or_study_after,
        cast(sum(started_or_increased) as bigint) as started_or_increased
    from levelled
    group by association, period, intervention_id, gender
),
compared as (
    select
        *,
        max(case when gender = 'total' then work_or_study end) over (partition by association, period, intervention_id) as work_or_study_all_genders
    from summed
)
select
    association, period, intervention_id, gender,
    case when first_basis = last_basis then first_basis when first_basis is not null then 'mixed' end as basis,
    ended, work, study, work_or_study, positive_other,
    {{ percent('work_or_study', 'ended') }} as share_of_ended_percent,
    work_or_study_all_genders,
    {{ percent('work_or_study', 'work_or_study_all_genders') }} as gender_split_percent,
    occupation_known, work_or_study_after, started_or_increased
from compared
