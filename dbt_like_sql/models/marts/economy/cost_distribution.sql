-- One row: the cost of one category in one period and its share, settled interventions left out. The category is the orientation
-- of the intervention a row belongs to; rows without one are the office's.
with costs as (
    select association, period, coalesce(orientation, 'office') as category, sum(outcome_ore) as cost_ore
    from {{ ref('int_period_outcomes') }}
    where block <> 'income' and not settled
    group by association, period, coalesce(orientation, 'office')
),
filled as (
    select
        periods.association, periods.period, categories.category,
        cast(coalesce(costs.cost_ore, 0) as bigint) as cost_ore
    from {{ ref('int_economy_periods') }} as periods
    cross join (values ('individual'), ('structural'), ('office')) as categories (category)
    left join costs
        on periods.association = costs.association
        and periods.period = costs.period
        and categories.category = costs.category
),
totalled as (
    select association, period, category, cost_ore, sum(cost_ore) over (partition by association, period) as total_ore
    from filled
)
select
    association, period, category,
    {{ kr('cost_ore') }} as cost_kr,
    {{ percent('cost_ore', 'total_ore') }} as share_percent
from totalled
