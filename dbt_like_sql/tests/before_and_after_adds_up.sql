-- Everybody who ended is in one state at start and in one at end, so changes cancel out.
select association, period, intervention_id, gender, dimension
from {{ ref('before_and_after') }}
group by association, period, intervention_id, gender, dimension
having sum(at_start) <> max(of_ended) or sum(at_end) <> max(of_ended) or sum(change) <> 0
