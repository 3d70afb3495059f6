-- One row: one half-year or year, from the first accepted row to the day of delivery.
with seen as (
    select association, year(month) as first, null as last from {{ ref('months') }}
    union all
    select association, year(start_date), null from {{ ref('participations') }}
    union all
    select association, null, year(delivered_on) from {{ ref('stg_participations') }}
),
years as (
    select association, unnest(range(min(first), max(last) + 1)) as y from seen group by association
)
select
    association, y || parts.suffix as period, make_date(y, parts.first, 1) as starts_on,
    last_day(make_date(y, parts.last, 1)) as ends_on
from years
cross join (values ('H1', 1, 6), ('H2', 7, 12), ('', 1, 12)) as parts (suffix, first, last)
