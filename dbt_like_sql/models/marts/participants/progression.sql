-- One row: one state at start and one at end (occupation or income) in one individual intervention, period and gender; zeros
-- included.
with ended_participations as (
    select *
    from {{ ref('int_window_participations') }}
    where span = 'period' and is_counted and ended > 0
),
by_dimension as (
    select association, period, intervention_id, gender, 'occupation' as dimension, occupation_before as before, occupation_after as after, ended
    from ended_participations
    union all
    select association, period, intervention_id, gender, 'income' as dimension, income_before as before, income_after as after, ended
    from ended_participations
),
counted as (
    select association, period, intervention_id, gender, dimension, before, after, sum(ended) as ended
    from by_dimension
    group by association, period, intervention_id, gender, dimension, before, after
)
select
    active.association, active.period, active.intervention_id, genders.gender,
    states_before.dimension, states_before.value as before, states_after.value as after,
    cast(coalesce(counted.ended, 0) as bigint) as ended
from {{ ref('int_active_interventions') }} as active
cross join {{ genders() }}
inner join {{ ref('int_state_values') }} as states_before
    on active.association = states_before.association
inner join {{ ref('int_state_values') }} as states_after
    on states_before.association = states_after.association
    and states_before.dimension = states_after.dimension
left join counted
    on active.association = counted.association
    and active.period = counted.period
    and active.intervention_id = counted.intervention_id
    and genders.gender = counted.gender
    and states_before.dimension = counted.dimension
    and states_before.value = counted.before
    and states_after.value = counted.after
where active.orientation = 'individual'
