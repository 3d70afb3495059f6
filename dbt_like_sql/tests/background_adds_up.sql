-- Every participant stands under exactly one value of every dimension.
with background as (
    select association, period, intervention_id, gender, dimension, sum(participants) as participants, sum(started) as started
    from {{ ref('background') }}
    group by association, period, intervention_id, gender, dimension
)
select flow.association, flow.period, flow.intervention_id, flow.gender, background.dimension
from {{ ref('participant_flow') }} as flow
inner join background
    on flow.association = background.association
    and flow.period = background.period
    and flow.intervention_id = background.intervention_id
    and flow.gender = background.gender
where flow.participants <> background.participants or flow.started <> background.started
