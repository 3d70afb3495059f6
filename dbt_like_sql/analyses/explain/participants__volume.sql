-- One row: what one row of a file adds to one figure of volume.
with counts as (
    select
        association, year, intervention_id, women, men, coalesce(total, coalesce(women, 0) + coalesce(men, 0)) as total,
        source, path, sheet, row
    from {{ source('accepted', 'sus_insatser') }}
    where registration = 'volume'
)
select association, year, intervention_id, figure, 'sum' as term, 'volume' as role, contribution, source, path, sheet, row
from counts
unpivot (contribution for figure in (women, men, total))
