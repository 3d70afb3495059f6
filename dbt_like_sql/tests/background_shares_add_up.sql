-- Every participant of a group is under one value of every dimension, and in the flow.
with shares as (
    select
        association, period, intervention_id, gender, dimension,
        sum(participants) as participants,
        sum(case when value <> 'unknown' then participants else 0 end) as known,
        max(of_participants) as of_participants, max(of_known) as of_known
    from {{ ref('background_shares') }}
    group by association, period, intervention_id, gender, dimension
)
select throughput.association, throughput.period, throughput.intervention_id, throughput.gender, shares.dimension
from {{ ref('throughput') }} as throughput
left join shares
    on throughput.association = shares.association
    and throughput.period = shares.period
    and throughput.intervention_id is not distinct from shares.intervention_id
    and throughput.gender = shares.gender
where throughput.participants <> coalesce(shares.of_participants, 0)
    or shares.participants <> shares.of_participants
    or shares.known <> shares.of_known
