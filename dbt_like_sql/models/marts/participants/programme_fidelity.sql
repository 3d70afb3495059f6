-- One row: one measurement of programme fidelity in one intervention.
select
    association, date, intervention_id,
    {{ kr(half_up('cast(points * 10000 as bigint)', 100)) }} as points,
    {{ kr(half_up('cast(max_points * 10000 as bigint)', 100)) }} as max_points,
    {{ kr(half_up('cast(threshold * 10000 as bigint)', 100)) }} as threshold,
    {{ kr(half_up('cast(active_share * 10000 as bigint)', 100)) }} as active_share
from {{ ref('stg_fidelity') }}
