-- One row: one structural event.
select association, path, sheet, row, cast(date as date) as date, type, attendees
from {{ source('accepted', 'aktiviteter') }}
