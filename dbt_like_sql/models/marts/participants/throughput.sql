-- One row: how many of the participants of one period ended in it, in one individual intervention or (intervention null) in all of
-- them, for one gender or all (total). Where an intervention counts events the share may pass 100 percent.
with levelled as (
    {{ by_level(ref('participant_flow')) }}
),
summed as (
    select
        association, period, intervention_id, gender,
        cast(sum(ended) as bigint) as ended,
        cast(sum(participants) as bigint) as participants
    from levelled
    group by association, period, intervention_id, gender
)
select
    association, period, intervention_id, gender, ended, participants,
    {{ percent('ended', 'participants') }} as ended_percent
from summed
