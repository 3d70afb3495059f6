-- One row: one state (occupation or income) a participant can be in at start and at end, in one association.
select associations.association, dimensions.dimension, 'unknown' as value
from {{ source('register', 'associations') }} as associations
cross join (values ('occupation'), ('income')) as dimensions (dimension)
union
select association, list as dimension, code as value
from {{ source('register', 'codes') }}
where list in ('occupation', 'income')
