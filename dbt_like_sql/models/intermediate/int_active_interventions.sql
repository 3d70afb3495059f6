-- One row: one intervention of the register in one period that overlaps its first to last day.
select
    periods.association, periods.period, periods.starts_on, periods.ends_on,
    interventions.intervention_id, interventions.orientation, interventions.settled, interventions.count_basis
from {{ source('register', 'periods') }} as periods
inner join {{ source('register', 'interventions') }} as interventions
    on periods.association = interventions.association
    and coalesce(interventions.starts_on <= periods.ends_on, true)
    and coalesce(interventions.ends_on >= periods.starts_on, true)
