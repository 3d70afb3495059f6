-- One row: one hand-kept figure of one period, of one intervention or (intervention null) of the association.
select association, period, intervention_id, key, value, unit
from {{ ref('stg_key_figures') }}
