-- One row: one intervention of the register. Its id stands twice: by its own name, and by the name other marts refer to it with.
select
    association, intervention_id as id, intervention_id, name, short_name, orientation, esf, settled, count_basis, starts_on, ends_on,
    sort_order
from {{ source('register', 'interventions') }}
