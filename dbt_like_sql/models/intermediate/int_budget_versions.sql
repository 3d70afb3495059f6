-- One row: the budget version that counts for one table of one period. Only a version with an amount in the period can count. The
-- configuration may name one for each table; without a name the latest decided by the period's end counts (a version without a
-- day of decision only where no other is there, then the latest delivered, then the last by name).
with versions as (
    select
        periods.association, periods.period, periods.ends_on, budget.version,
        max(budget.decided_on) as decided_on, max(budget.delivered_on) as delivered_on
    from {{ ref('int_economy_periods') }} as periods
    inner join {{ ref('stg_budget') }} as budget
        on periods.association = budget.association
        and budget.period_from <= periods.ends_on
        and budget.period_to >= periods.starts_on
    group by periods.association, periods.period, periods.ends_on, budget.version
),
candidates as (
    select versions.*, tables.table_name, named.version as named_version
    from versions
    cross join (values ('income_statement'), ('intervention_budget')) as tables (table_name)
    left join {{ source('register', 'budget_versions') }} as named
        on versions.association = named.association
        and versions.period = named.period
        and tables.table_name = named.table_name
),
placed as (
    select
        association, period, table_name, version,
        row_number() over (
            partition by association, period, table_name
            order by decided_on desc nulls last, delivered_on desc, version desc
        ) as place
    from candidates
    where version = named_version or (named_version is null and coalesce(decided_on <= ends_on, true))
)
select association, period, table_name, version
from placed
where place = 1
