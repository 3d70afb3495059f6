-- Every participation that ended has exactly one exit reason.
with reasons as (
    select association, period, intervention_id, gender, sum(ended) as ended
    from {{ ref('exit_reasons') }}
    group by association, period, intervention_id, gender
)
select flow.association, flow.period, flow.intervention_id, flow.gender
from {{ ref('participant_flow') }} as flow
left join reasons
    on flow.association = reasons.association
    and flow.period = reasons.period
    and flow.intervention_id = reasons.intervention_id
    and flow.gender = reasons.gender
where flow.ended <> coalesce(reasons.ended, 0)
