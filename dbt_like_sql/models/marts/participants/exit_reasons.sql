-- One row: one exit reason of one individual intervention in one period and gender: every code of the list and uppgift_saknas,
-- zeros included.
with reasons as (
    select association, code as exit_reason
    from {{ source('register', 'codes') }}
    where list = 'exit_reason'
    union
    select association, 'uppgift_saknas' as exit_reason
    from {{ source('register', 'associations') }}
),
counted as (
    select association, period, intervention_id, gender, exit_reason, sum(ended) as ended
    from {{ ref('int_window_participations') }}
    where span = 'period' and is_counted and ended > 0
    group by association, period, intervention_id, gender, exit_reason
)
select
    active.association, active.period, active.intervention_id, genders.gender, reasons.exit_reason,
    cast(coalesce(counted.ended, 0) as bigint) as ended
from {{ ref('int_active_interventions') }} as active
cross join {{ genders() }}
inner join reasons
    on active.association = reasons.association
left join counted
    on active.association = counted.association
    and active.period = counted.period
    and active.intervention_id = counted.intervention_id
    and genders.gender = counted.gender
    and reasons.exit_reason = counted.exit_reason
where active.orientation = 'individual'
