-- One row: one participation as a delivery gave it, counting from valid_from until the day before valid_to.
select
    association, source, path, sheet, row, intervention_id,
    cast(start_date as date) as start_date,
    cast(end_date as date) as end_date,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to
from {{ source('accepted', 'participation_history') }}
where coalesce(exit_cause, '') <> 'misregistered'
