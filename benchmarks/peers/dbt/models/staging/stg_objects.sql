select association, intervention_id, orientation, unnest(string_split(ledger_objects, '|')) as object
from {{ ref('stg_interventions') }}
