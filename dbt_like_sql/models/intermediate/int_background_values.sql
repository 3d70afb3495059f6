-- One row: one value a background dimension can have in one association.
with fixed_values as (
    select dimension, value
    from (values
        ('age_group', '16-19'), ('age_group', '20-29'), ('age_group', '30-39'), ('age_group', '40-49'), ('age_group', '50-59'),
        ('age_group', '60-'), ('age_group', 'unknown'),
        ('months_in_public_support', '0-11'), ('months_in_public_support', '12-23'), ('months_in_public_support', '24-59'),
        ('months_in_public_support', '60-'), ('months_in_public_support', 'unknown'),
        ('education', 'unknown'), ('referrer', 'unknown')
    ) as fixed (dimension, value)
)
select associations.association, fixed_values.dimension, fixed_values.value
from {{ source('register', 'associations') }} as associations
cross join fixed_values
union
select association, list as dimension, code as value
from {{ source('register', 'codes') }}
where list in ('education', 'referrer')
