select
    association, period, intervention_id, gender,
    cast(coalesce(sum(carried_in), 0) as bigint) as carried_in, cast(coalesce(sum(started), 0) as bigint) as started,
    cast(coalesce(sum(carried_in + started), 0) as bigint) as participants,
    cast(coalesce(sum(ended), 0) as bigint) as ended, cast(coalesce(sum(carried_out), 0) as bigint) as carried_out
from {{ ref('counted') }}
group by all
order by all
