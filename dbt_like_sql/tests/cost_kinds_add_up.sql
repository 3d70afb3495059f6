-- The kinds hold every cost of an intervention once, and every cost outside all of them.
with kinds as (
    select association, period, intervention_id, sum(outcome_kr) as outcome_kr
    from {{ ref('cost_kinds') }}
    group by association, period, intervention_id
),
outcomes as (
    select association, period, intervention_id, {{ kr('sum(outcome_ore)') }} as outcome_kr
    from {{ ref('int_period_outcomes') }}
    where block <> 'income'
    group by association, period, intervention_id
)
select outcomes.association, outcomes.period, outcomes.intervention_id
from outcomes
full outer join kinds
    on outcomes.association = kinds.association
    and outcomes.period = kinds.period
    and outcomes.intervention_id is not distinct from kinds.intervention_id
where coalesce(outcomes.outcome_kr, 0) <> coalesce(kinds.outcome_kr, 0)
