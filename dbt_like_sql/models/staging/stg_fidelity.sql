-- One row: one measurement of programme fidelity. Where a measurement stands twice the later row of the later file counts.
with placed as (
    select
        association, path, sheet, row, cast(date as date) as date, intervention_id, points, max_points, threshold, active_share,
        row_number() over (
            partition by association, date, intervention_id
            order by delivered_on desc, path desc, coalesce(sheet, '') desc, row desc
        ) as place
    from {{ source('accepted', 'programtrohet') }}
    where intervention_id is not null
)
select association, path, sheet, row, date, intervention_id, points, max_points, threshold, active_share
from placed
where place = 1
