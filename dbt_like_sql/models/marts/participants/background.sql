-- One row: one value of one background dimension in one individual intervention, period and gender; zeros included. Nothing is
-- known about anonymous participants, so they stand under unknown and every dimension adds up to participant_flow.
with stated as (
    select *
    from {{ ref('int_window_participations') }}
    where span = 'period' and is_counted
),
by_dimension as (
    select association, period, intervention_id, gender, 'age_group' as dimension, age_group as value, participants, started
    from stated
    union all
    select association, period, intervention_id, gender, 'education' as dimension, education as value, participants, started
    from stated
    union all
    select association, period, intervention_id, gender, 'referrer' as dimension, referrer as value, participants, started
    from stated
    union all
    select association, period, intervention_id, gender, 'months_in_public_support' as dimension, months_in_public_support as value, participants, started
    from stated
    union all
    select anonymous.association, anonymous.period, anonymous.intervention_id, 'anonymous' as gender, dimension_values.dimension, dimension_values.value, anonymous.participants, 0 as started
    from {{ ref('int_anonymous_participants') }} as anonymous
    inner join {{ ref('int_background_values') }} as dimension_values
        on anonymous.association = dimension_values.association
        and dimension_values.value = 'unknown'
),
counted as (
    select association, period, intervention_id, gender, dimension, value, sum(participants) as participants, sum(started) as started
    from by_dimension
    group by association, period, intervention_id, gender, dimension, value
)
select
    active.association, active.period, active.intervention_id, genders.gender,
    dimension_values.dimension, dimension_values.value,
    cast(coalesce(counted.participants, 0) as bigint) as participants,
    cast(coalesce(counted.started, 0) as bigint) as started
from {{ ref('int_active_interventions') }} as active
cross join {{ genders() }}
inner join {{ ref('int_background_values') }} as dimension_values
    on active.association = dimension_values.association
left join counted
    on active.association = counted.association
    and active.period = counted.period
    and active.intervention_id = counted.intervention_id
    and genders.gender = counted.gender
    and dimension_values.dimension = counted.dimension
    and dimension_values.value = counted.value
where active.orientation = 'individual'
