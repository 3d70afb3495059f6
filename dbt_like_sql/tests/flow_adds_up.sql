-- Holds in every count basis: what was carried in and what started make the participants.
select association, period, intervention_id, gender
from {{ ref('participant_flow') }}
where gender <> 'anonymous' and carried_in + started <> participants
