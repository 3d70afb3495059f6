-- The categories hold every cost once: they sum to the outcome of all lines outside block income, settled interventions left out.
with categories as (
    select association, period, sum(cost_kr) as cost_kr
    from {{ ref('cost_distribution') }}
    group by association, period
),
outcomes as (
    select association, period, {{ kr('sum(outcome_ore)') }} as cost_kr
    from {{ ref('int_period_outcomes') }}
    where block <> 'income' and not settled
    group by association, period
)
select categories.association, categories.period
from categories
left join outcomes
    on categories.association = outcomes.association
    and categories.period = outcomes.period
where categories.cost_kr <> coalesce(outcomes.cost_kr, 0)
