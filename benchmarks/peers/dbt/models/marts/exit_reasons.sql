with codes as (
    select distinct association, code from {{ ref('stg_reasons') }}
    union
    select distinct association, 'uppgift_saknas' as code from {{ ref('stg_reasons') }}
),
grid as (
    select distinct association, period, intervention_id, gender from {{ ref('counted') }}
)
select
    grid.association, grid.period, grid.intervention_id, grid.gender, codes.code as exit_reason,
    cast(coalesce(counted.ended, 0) as bigint) as ended
from grid
inner join codes using (association)
left join {{ ref('counted') }} as counted
    on grid.association = counted.association and grid.period = counted.period
    and grid.intervention_id = counted.intervention_id and grid.gender = counted.gender and codes.code = counted.exit_reason
order by all
