-- One row: how many of those who ended in one period were in one state at start and at end: one value of occupation, occupation_status
-- (SUS's groups: work, study, job seeking, other) or income, in one individual intervention or (intervention null) in all of them, for
-- one gender or all (total); the states somebody was in.
with ended_participations as (
    select *
    from {{ ref('int_results') }}
    where span = 'period' and is_shown
),
by_dimension as (
    select association, period, intervention_id, gender, 'occupation' as dimension, occupation_before as before, occupation_after as after
    from ended_participations
    union all
    select association, period, intervention_id, gender, 'occupation_status' as dimension, status_before as before, status_after as after
    from ended_participations
    union all
    select association, period, intervention_id, gender, 'income' as dimension, income_before as before, income_after as after
    from ended_participations
),
sides as (
    select association, period, intervention_id, gender, dimension, before as value, 1 as at_start, 0 as at_end
    from by_dimension
    union all
    select association, period, intervention_id, gender, dimension, after as value, 0 as at_start, 1 as at_end
    from by_dimension
),
counted as (
    select association, period, intervention_id, gender, dimension, value, sum(at_start) as at_start, sum(at_end) as at_end
    from sides
    group by association, period, intervention_id, gender, dimension, value
),
levelled as (
    {{ by_level('counted') }}
),
summed as (
    select
        association, period, intervention_id, gender, dimension, value,
        cast(sum(at_start) as bigint) as at_start,
        cast(sum(at_end) as bigint) as at_end
    from levelled
    group by association, period, intervention_id, gender, dimension, value
),
shared as (
    select
        summed.association, summed.period, summed.intervention_id, summed.gender, summed.dimension, summed.value,
        summed.at_start, summed.at_end, groups.ended as of_ended
    from summed
    inner join {{ ref('results') }} as groups
        on summed.association = groups.association
        and summed.period = groups.period
        and summed.intervention_id is not distinct from groups.intervention_id
        and summed.gender = groups.gender
)
select
    association, period, intervention_id, gender, dimension, value, at_start, at_end,
    at_end - at_start as change,
    of_ended,
    {{ percent('at_start', 'of_ended') }} as at_start_percent,
    {{ percent('at_end', 'of_ended') }} as at_end_percent
from shared
