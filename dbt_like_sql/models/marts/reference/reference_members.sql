-- One row: one member and its agreed share.
select association, member_id, name, share, sort_order
from {{ source('register', 'members') }}
