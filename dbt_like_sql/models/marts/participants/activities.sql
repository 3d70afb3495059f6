-- One row: the structural events of one type in one period.
select
    periods.association, periods.period, events.type,
    count(*) as events,
    cast(coalesce(sum(events.attendees), 0) as bigint) as attendees
from {{ source('register', 'periods') }} as periods
inner join {{ ref('stg_activities') }} as events
    on periods.association = events.association
    and events.date between periods.starts_on and periods.ends_on
group by periods.association, periods.period, events.type
