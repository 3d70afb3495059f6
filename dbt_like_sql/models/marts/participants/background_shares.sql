-- One row: one value of one background dimension among the participants of one period, in one individual intervention or
-- (intervention null) in all of them, for one gender or all (total); the values somebody has. Two shares: of all in the group, and of
-- those whose value is known.
with stated as (
    select association, period, intervention_id, gender, dimension, value, participants
    from {{ ref('background') }}
    where participants > 0
),
levelled as (
    {{ by_level('stated') }}
),
summed as (
    select association, period, intervention_id, gender, dimension, value, cast(sum(participants) as bigint) as participants
    from levelled
    group by association, period, intervention_id, gender, dimension, value
),
groups as (
    select
        association, period, intervention_id, gender, dimension,
        cast(sum(participants) as bigint) as of_participants,
        cast(sum(case when value <> 'unknown' then participants else 0 end) as bigint) as of_known
    from summed
    group by association, period, intervention_id, gender, dimension
),
shared as (
    select
        summed.association, summed.period, summed.intervention_id, summed.gender, summed.dimension, summed.value, summed.participants,
        groups.of_participants, groups.of_known
    from summed
    inner join groups
        on summed.association = groups.association
        and summed.period = groups.period
        and summed.intervention_id is not distinct from groups.intervention_id
        and summed.gender = groups.gender
        and summed.dimension = groups.dimension
)
select
    association, period, intervention_id, gender, dimension, value, participants, of_participants, of_known,
    {{ percent('participants', 'of_participants') }} as share_percent,
    case when value <> 'unknown' then {{ percent('participants', 'of_known') }} end as share_of_known_percent
from shared
