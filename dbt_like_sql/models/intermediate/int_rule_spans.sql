-- One row: one span of days of one association, first to last, in which the same of its line rules are in force. A rule's first
-- day and the day after its last begin a new span; the first and the last span reach as far as days go.
with turns as (
    select association, {{ first_of_all_days() }} as first_day
    from {{ source('register', 'associations') }}
    union
    select association, cast(valid_from as date) as first_day
    from {{ source('register', 'line_rules') }}
    where valid_from is not null
    union
    select association, cast(valid_to + interval 1 day as date) as first_day
    from {{ source('register', 'line_rules') }}
    where valid_to is not null
)
select
    association, first_day,
    coalesce(
        cast(lead(first_day) over (partition by association order by first_day) - interval 1 day as date),
        {{ last_of_all_days() }}
    ) as last_day
from turns
