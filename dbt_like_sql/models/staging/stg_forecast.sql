-- One row: one line of the twelve-month forecast as delivered, with its place in the file.
select
    association, path, sheet, row, period, label, kind, amount_tkr,
    row_number() over (
        partition by association, period
        order by line_order, path, coalesce(sheet, ''), row
    ) as place
from {{ source('accepted', 'prognos') }}
