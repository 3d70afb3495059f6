-- One row: one individual intervention in one period it is active in.
select p.association, p.period, p.starts_on, p.ends_on, i.intervention_id, i.count_basis as basis
from {{ ref('periods') }} as p
inner join {{ ref('stg_interventions') }} as i
    on p.association = i.association
    and i.orientation = 'individual'
    and coalesce(cast(i.starts_on as date) <= p.ends_on, true)
    and coalesce(cast(i.ends_on as date) >= p.starts_on, true)
