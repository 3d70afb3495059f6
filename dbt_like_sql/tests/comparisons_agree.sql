-- A comparison says of each of its two periods what the mart it compares says.
with flow as (
    select association, period, 'participants' as measure, sum(participants) as value
    from {{ ref('participant_flow') }}
    group by association, period
    union all
    select association, period, 'started' as measure, sum(started) as value
    from {{ ref('participant_flow') }}
    group by association, period
    union all
    select association, period, 'ended' as measure, sum(ended) as value
    from {{ ref('participant_flow') }}
    group by association, period
)
select compared.association, compared.period, compared.measure
from {{ ref('participants_period_comparison') }} as compared
inner join flow
    on compared.association = flow.association
    and compared.measure = flow.measure
    and flow.period in (compared.period, compared.year_before)
where compared.intervention_id is null and compared.gender = 'total'
    and flow.value <> case when flow.period = compared.period then compared.value else coalesce(compared.value_year_before, 0) end
