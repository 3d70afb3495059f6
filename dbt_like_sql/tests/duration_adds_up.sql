-- Everybody who ended is in one time class.
select association, period, intervention_id, gender
from {{ ref('duration') }}
group by association, period, intervention_id, gender
having sum(ended) <> max(of_ended) or min(of_ended) <> max(of_ended)
