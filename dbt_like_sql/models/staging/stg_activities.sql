-- One row: one structural event.
select association, cast(date as date) as date, type, attendees
from {{ source('accepted', 'aktiviteter') }}
