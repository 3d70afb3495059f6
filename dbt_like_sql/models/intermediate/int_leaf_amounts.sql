-- One row: one line that holds amounts of its own in one period: outcome, budget and difference in öre. Settled interventions are
-- in the outcome and the budget but not in the difference, which is null on a line that has nothing else. A line that only rules
-- for settled interventions lead to has nothing else whatever budget it was given, with or without an object.
with settled_lines as (
    select association, line_id
    from {{ source('register', 'line_rules') }}
    group by association, line_id
    having bool_and(coalesce(settled, false))
),
outcomes as (
    select
        association, period, line_id,
        sum(outcome_ore) as outcome_ore,
        sum(case when not settled then outcome_ore end) as other_outcome_ore,
        max(case when settled then 1 else 0 end) as has_settled
    from {{ ref('int_period_outcomes') }}
    group by association, period, line_id
),
statement_budgets as (
    select
        budgeted.association, budgeted.period, budgeted.line_id, budgeted.budget_ore,
        budgeted.settled or settled_lines.line_id is not null as settled
    from {{ ref('int_period_budgets') }} as budgeted
    left join settled_lines
        on budgeted.association = settled_lines.association
        and budgeted.line_id = settled_lines.line_id
    where budgeted.table_name = 'income_statement'
),
budgets as (
    select
        association, period, line_id,
        sum(budget_ore) as budget_ore,
        sum(case when not settled then budget_ore end) as other_budget_ore,
        max(case when settled then 1 else 0 end) as has_settled
    from statement_budgets
    group by association, period, line_id
),
opening as (
    select association, fiscal_year, line_id, sum(amount_ore) as amount_ore
    from {{ ref('int_opening_lines') }}
    group by association, fiscal_year, line_id
),
opened_years as (
    select distinct association, fiscal_year
    from {{ ref('stg_opening_balances') }}
),
figures as (
    select
        lines.association, lines.period, lines.valid_from, lines.line_id, lines.kind,
        case
            when lines.kind <> 'memo' then coalesce(outcomes.outcome_ore, 0)
            when opened_years.fiscal_year is not null then -coalesce(opening.amount_ore, 0)
        end as outcome_ore,
        case when lines.kind <> 'memo' and versions.version is not null then coalesce(budgets.budget_ore, 0) end as budget_ore,
        case when lines.kind <> 'memo' and versions.version is not null then coalesce(outcomes.other_outcome_ore, 0) - coalesce(budgets.other_budget_ore, 0) end as difference_ore,
        outcomes.other_outcome_ore is null
        and budgets.other_budget_ore is null
        and (outcomes.has_settled = 1 or budgets.has_settled = 1 or settled_lines.line_id is not null) as only_settled
    from {{ ref('int_period_lines') }} as lines
    left join outcomes
        on lines.association = outcomes.association and lines.period = outcomes.period and lines.line_id = outcomes.line_id
    left join budgets
        on lines.association = budgets.association and lines.period = budgets.period and lines.line_id = budgets.line_id
    left join {{ ref('int_budget_versions') }} as versions
        on lines.association = versions.association and lines.period = versions.period and versions.table_name = 'income_statement'
    left join settled_lines
        on lines.association = settled_lines.association and lines.line_id = settled_lines.line_id
    left join opened_years
        on lines.association = opened_years.association and opened_years.fiscal_year = extract(year from lines.starts_on)
    left join opening
        on lines.association = opening.association and opening.fiscal_year = extract(year from lines.starts_on) and lines.line_id = opening.line_id
    where lines.kind in ('line', 'memo')
)
select
    association, period, valid_from, line_id, kind, outcome_ore, budget_ore,
    case when not coalesce(only_settled, false) then difference_ore end as difference_ore
from figures
