-- One row: one code of one list.
select association, list, code, label, "group", sort_order
from {{ source('register', 'codes') }}
