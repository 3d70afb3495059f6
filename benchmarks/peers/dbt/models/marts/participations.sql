select
    association, {{ hmac('participant') }} as participant, intervention_id, gender, birth_year, start_date, end_date,
    coalesce(exit_reason, 'uppgift_saknas') as exit_reason
from {{ ref('judged_participations') }}
where len(list_filter(failed, lambda x: x <> 'P007')) = 0
