-- One row: the anonymous participants, or the volume, of one intervention in one calendar year. Women and men are null where a row
-- that counts does not state them: a sum of the others would look like all of them.
select
    association, intervention_id, year, registration,
    cast(case when count(women) = count(*) then sum(women) end as bigint) as women,
    cast(case when count(men) = count(*) then sum(men) end as bigint) as men,
    cast(sum(coalesce(total, coalesce(women, 0) + coalesce(men, 0))) as bigint) as total
from {{ source('accepted', 'sus_insatser') }}
where intervention_id is not null
group by association, intervention_id, year, registration
