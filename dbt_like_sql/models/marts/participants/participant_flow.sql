-- One row: one individual intervention in one period it is active in, and one gender; zeros included. Gender anonymous has the
-- year's SUS count as participants and nothing else.
with counted as (
    select
        association, period, intervention_id, gender,
        sum(carried_in) as carried_in, sum(started) as started, sum(participants) as participants,
        sum(ended) as ended, sum(carried_out) as carried_out
    from {{ ref('int_window_participations') }}
    where span = 'period' and is_counted
    group by association, period, intervention_id, gender
    union all
    select association, period, intervention_id, 'anonymous' as gender, 0, 0, participants, 0, 0
    from {{ ref('int_anonymous_participants') }}
)
select
    active.association, active.period, active.intervention_id, genders.gender,
    cast(coalesce(counted.carried_in, 0) as bigint) as carried_in,
    cast(coalesce(counted.started, 0) as bigint) as started,
    cast(coalesce(counted.participants, 0) as bigint) as participants,
    cast(coalesce(counted.ended, 0) as bigint) as ended,
    cast(coalesce(counted.carried_out, 0) as bigint) as carried_out
from {{ ref('int_active_interventions') }} as active
cross join {{ genders() }}
left join counted
    on active.association = counted.association
    and active.period = counted.period
    and active.intervention_id = counted.intervention_id
    and genders.gender = counted.gender
where active.orientation = 'individual'
