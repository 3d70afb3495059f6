-- A target that stands in both marts has the same outcome in both.
select targets.association, targets.period, targets.intervention_id, targets.measure
from {{ ref('targets') }} as targets
left join {{ ref('goals') }} as goals
    on targets.association = goals.association
    and targets.year = goals.year
    and targets.period = goals.period
    and targets.intervention_id = goals.intervention_id
    and targets.measure = goals.measure
where goals.numerator is null or targets.actual <> goals.numerator or targets.target <> goals.target
