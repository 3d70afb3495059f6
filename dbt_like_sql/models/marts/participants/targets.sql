-- One row: one target of the year for one intervention, followed up from 1 January to the end of one period, all genders and
-- anonymous participants together. Goals of other measures, and of all interventions together, stand in goals alone.
with counted as (
    select association, period, intervention_id, sum(participants) as participants, sum(started) as started, sum(ended) as ended
    from {{ ref('int_window_participations') }}
    where span = 'year_to_date' and is_counted
    group by association, period, intervention_id
)
select
    targets.association, targets.year, periods.period, targets.intervention_id, targets.measure, targets.target,
    cast(
        case targets.measure
            when 'participants' then coalesce(counted.participants, 0) + coalesce(anonymous.participants, 0)
            when 'started' then coalesce(counted.started, 0)
            when 'ended' then coalesce(counted.ended, 0)
        end as bigint
    ) as actual
from {{ source('register', 'targets') }} as targets
inner join {{ source('register', 'periods') }} as periods
    on targets.association = periods.association
    and targets.year = extract(year from periods.starts_on)
left join counted
    on periods.association = counted.association
    and periods.period = counted.period
    and targets.intervention_id = counted.intervention_id
left join {{ ref('int_anonymous_participants') }} as anonymous
    on periods.association = anonymous.association
    and periods.period = anonymous.period
    and targets.intervention_id = anonymous.intervention_id
where targets.intervention_id is not null and targets.measure in ('participants', 'started', 'ended')
