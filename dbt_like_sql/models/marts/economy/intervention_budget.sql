-- One row: one intervention in one period: every active one, and any other with an outcome or a budget. Rows on lines of block
-- income are no part of an intervention's cost.
with outcomes as (
    select association, period, intervention_id, sum(outcome_ore) as outcome_ore
    from {{ ref('int_period_outcomes') }}
    where block <> 'income' and intervention_id is not null
    group by association, period, intervention_id
),
budgets as (
    select association, period, intervention_id, sum(budget_ore) as budget_ore
    from {{ ref('int_period_budgets') }}
    where table_name = 'intervention_budget' and block <> 'income' and intervention_id is not null
    group by association, period, intervention_id
),
shown as (
    select active.association, active.period, active.intervention_id
    from {{ ref('int_active_interventions') }} as active
    inner join {{ ref('int_economy_periods') }} as periods
        on active.association = periods.association and active.period = periods.period
    union
    select association, period, intervention_id from outcomes
    union
    select association, period, intervention_id from budgets
),
figures as (
    select
        shown.association, shown.period, interventions.orientation, shown.intervention_id, interventions.settled,
        coalesce(outcomes.outcome_ore, 0) as outcome_ore,
        case when versions.version is not null then coalesce(budgets.budget_ore, 0) end as budget_ore
    from shown
    inner join {{ source('register', 'interventions') }} as interventions
        on shown.association = interventions.association and shown.intervention_id = interventions.intervention_id
    left join {{ ref('int_budget_versions') }} as versions
        on shown.association = versions.association and shown.period = versions.period and versions.table_name = 'intervention_budget'
    left join outcomes
        on shown.association = outcomes.association and shown.period = outcomes.period and shown.intervention_id = outcomes.intervention_id
    left join budgets
        on shown.association = budgets.association and shown.period = budgets.period and shown.intervention_id = budgets.intervention_id
)
select
    association, period, orientation, intervention_id,
    {{ kr('outcome_ore') }} as outcome_kr,
    {{ kr('budget_ore') }} as budget_kr,
    case when not settled then {{ kr('outcome_ore - budget_ore') }} end as difference_kr
from figures
