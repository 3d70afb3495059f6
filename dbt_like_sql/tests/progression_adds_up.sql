-- Every participation that ended has one state at start and one at end in each dimension.
with progression as (
    select association, period, intervention_id, gender, dimension, sum(ended) as ended
    from {{ ref('progression') }}
    group by association, period, intervention_id, gender, dimension
)
select flow.association, flow.period, flow.intervention_id, flow.gender, progression.dimension
from {{ ref('participant_flow') }} as flow
inner join progression
    on flow.association = progression.association
    and flow.period = progression.period
    and flow.intervention_id = progression.intervention_id
    and flow.gender = progression.gender
where flow.ended <> progression.ended
