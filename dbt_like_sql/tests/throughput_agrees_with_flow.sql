-- All interventions and genders together are the whole flow, and where an intervention counts who was in it nobody ends who was not.
with flow as (
    select association, period, sum(ended) as ended, sum(participants) as participants
    from {{ ref('participant_flow') }}
    group by association, period
)
select throughput.association, throughput.period, throughput.intervention_id
from {{ ref('throughput') }} as throughput
left join flow
    on throughput.association = flow.association
    and throughput.period = flow.period
left join {{ source('register', 'interventions') }} as interventions
    on throughput.association = interventions.association
    and throughput.intervention_id = interventions.intervention_id
where (
    throughput.intervention_id is null and throughput.gender = 'total'
    and (throughput.ended <> flow.ended or throughput.participants <> flow.participants)
) or (interventions.count_basis = 'interval' and throughput.ended > throughput.participants)
