-- One row: the part of one budget amount that falls in one period, for one printed table, with the line and the intervention it
-- belongs to. An amount is spread evenly over the months of its own period and rounded once to öre. An amount on an account lands
-- on a line by the rules in force on the first day of its period.
{{ config(materialized='view') }}
with mapped as (
    select
        budget.association, budget.path, budget.sheet, budget.row, budget.version, budget.period_from, budget.period_to, budget.months, budget.amount_ore,
        coalesce(budget.line_id, matches.line_id) as line_id,
        coalesce(budget.intervention_id, objects.intervention_id) as intervention_id
    from {{ ref('stg_budget') }} as budget
    left join {{ ref('int_line_matches') }} as matches
        on budget.line_id is null
        and budget.association = matches.association
        and budget.account = matches.account
        and budget.objects = matches.objects
        and budget.period_from >= matches.first_day
        and budget.period_from <= matches.last_day
    left join {{ ref('int_object_interventions') }} as objects
        on budget.association = objects.association
        and budget.objects = objects.objects
),
shared as (
    select
        periods.association, periods.period, versions.table_name, mapped.path, mapped.sheet, mapped.row, mapped.line_id, mapped.intervention_id,
        mapped.amount_ore, mapped.months,
        cast(
            12 * (extract(year from least(mapped.period_to, periods.ends_on)) - extract(year from greatest(mapped.period_from, periods.starts_on)))
            + extract(month from least(mapped.period_to, periods.ends_on)) - extract(month from greatest(mapped.period_from, periods.starts_on)) + 1 as bigint
        ) as shared_months
    from {{ ref('int_economy_periods') }} as periods
    inner join {{ ref('int_budget_versions') }} as versions
        on periods.association = versions.association
        and periods.period = versions.period
    inner join mapped
        on versions.association = mapped.association
        and versions.version = mapped.version
        and mapped.period_from <= periods.ends_on
        and mapped.period_to >= periods.starts_on
)
select
    shared.association, shared.period, shared.table_name, shared.path, shared.sheet, shared.row,
    shared.line_id, lines.block, shared.intervention_id,
    coalesce(interventions.settled, false) as settled,
    cast({{ half_up('shared.amount_ore * shared.shared_months', 'shared.months') }} as bigint) as budget_ore
from shared
inner join {{ ref('int_period_lines') }} as lines
    on shared.association = lines.association
    and shared.period = lines.period
    and shared.line_id = lines.line_id
left join {{ source('register', 'interventions') }} as interventions
    on shared.association = interventions.association
    and shared.intervention_id = interventions.intervention_id
