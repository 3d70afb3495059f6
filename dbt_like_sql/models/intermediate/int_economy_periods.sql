-- One row: one period of a year with a ledger or a budget.
with economy_years as (
    select association, extract(year from month) as year
    from {{ ref('stg_ledger') }}
    union
    select association, fiscal_year as year
    from {{ ref('stg_opening_balances') }}
    union
    select association, extract(year from period_from) as year
    from {{ ref('stg_budget') }}
)
select
    periods.association, periods.period, periods.starts_on, periods.ends_on, periods.months,
    economy_years.year
from {{ source('register', 'periods') }} as periods
inner join economy_years
    on periods.association = economy_years.association
    and extract(year from periods.starts_on) = economy_years.year
