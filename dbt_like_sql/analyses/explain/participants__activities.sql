-- One row: one event in one figure of activities.
with events as (
    select
        periods.association, periods.period, events.type, cast(1 as bigint) as events, events.attendees,
        'aktiviteter' as source, events.path, events.sheet, events.row
    from {{ source('register', 'periods') }} as periods
    inner join {{ ref('stg_activities') }} as events
        on periods.association = events.association
        and events.date between periods.starts_on and periods.ends_on
)
select association, period, type, figure, 'sum' as term, 'event' as role, contribution, source, path, sheet, row
from events
unpivot (contribution for figure in (events, attendees))
