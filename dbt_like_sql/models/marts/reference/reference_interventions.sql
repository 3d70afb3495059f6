-- One row: one intervention of the register.
select association, intervention_id, name, short_name, orientation, esf, settled, count_basis, starts_on, ends_on, sort_order
from {{ source('register', 'interventions') }}
