-- One row: one span of days that participations are counted in: every period (span `period`), and every period's year from
-- 1 January to the period's end (span `year_to_date`), in which yearly targets are followed up.
select association, period, 'period' as span, starts_on as first_day, ends_on as last_day
from {{ source('register', 'periods') }}
union all
select association, period, 'year_to_date' as span, cast(date_trunc('year', ends_on) as date) as first_day, ends_on as last_day
from {{ source('register', 'periods') }}
