-- One row: the anonymous participants, or the volume, of one intervention in one calendar year.
select
    association, intervention_id, year, registration,
    cast(sum(women) as bigint) as women,
    cast(sum(men) as bigint) as men,
    cast(sum(coalesce(total, coalesce(women, 0) + coalesce(men, 0))) as bigint) as total
from {{ source('accepted', 'sus_insatser') }}
where intervention_id is not null
group by association, intervention_id, year, registration
