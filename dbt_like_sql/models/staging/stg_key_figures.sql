-- One row: one hand-kept figure. Where a figure stands twice the later row of the later file counts.
with placed as (
    select
        association, path, sheet, row, period, intervention_id, key, value, unit,
        row_number() over (
            partition by association, period, intervention_id, key
            order by delivered_on desc, path desc, coalesce(sheet, '') desc, row desc
        ) as place
    from {{ source('accepted', 'nyckeltal') }}
)
select association, path, sheet, row, period, intervention_id, key, value, unit
from placed
where place = 1
