-- One row: one measure of one period beside the same period a year before, in one individual intervention or (intervention null) in
-- all of them, for one gender or all (total). The year before is null where the association had no participants at all then (nothing
-- was delivered), or where the intervention was not active.
with levelled as (
    {{ by_level(ref('participant_flow')) }}
),
flow as (
    select
        association, period, intervention_id, gender,
        sum(participants) as participants, sum(started) as started, sum(ended) as ended
    from levelled
    group by association, period, intervention_id, gender
),
measured as (
    select association, period, intervention_id, gender, 'participants' as measure, cast(participants as bigint) as value
    from flow
    union all
    select association, period, intervention_id, gender, 'started' as measure, cast(started as bigint) as value
    from flow
    union all
    select association, period, intervention_id, gender, 'ended' as measure, cast(ended as bigint) as value
    from flow
    union all
    select association, period, intervention_id, gender, 'work_or_study' as measure, work_or_study as value
    from {{ ref('results') }}
),
known_periods as (
    select association, period
    from flow
    group by association, period
    having sum(participants) > 0 or sum(ended) > 0
)
select
    measured.association, measured.period, measured.intervention_id, measured.gender, measured.measure,
    periods.year_before,
    measured.value,
    before.value as value_year_before,
    measured.value - before.value as change
from measured
inner join {{ source('register', 'periods') }} as periods
    on measured.association = periods.association
    and measured.period = periods.period
left join known_periods
    on periods.association = known_periods.association
    and periods.year_before = known_periods.period
left join measured as before
    on known_periods.association = before.association
    and known_periods.period = before.period
    and measured.intervention_id is not distinct from before.intervention_id
    and measured.gender = before.gender
    and measured.measure = before.measure
