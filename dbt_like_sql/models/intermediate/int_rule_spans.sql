-- One row: one span of days of one association in which the same of its line rules are in force. A rule's first day and the
-- day after its last begin a new span; the first span has no first day, the last no last day.
with turns as (
    select association, cast(null as date) as first_day
    from {{ source('register', 'associations') }}
    union
    select association, cast(valid_from as date) as first_day
    from {{ source('register', 'line_rules') }}
    union
    select association, cast(valid_to + interval 1 day as date) as first_day
    from {{ source('register', 'line_rules') }}
)
select
    association, first_day,
    cast(lead(first_day) over (partition by association order by first_day nulls first) - interval 1 day as date) as last_day
from turns
