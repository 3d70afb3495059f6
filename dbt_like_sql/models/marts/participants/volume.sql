-- One row: the volume of one intervention in one calendar year.
select association, year, intervention_id, women, men, total
from {{ ref('stg_sus_counts') }}
where registration = 'volume'
