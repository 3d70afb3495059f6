-- One row: the equity of one period. Opening is minus the opening balances of 20xx (equity in BAS and Kommun-Bas), plus the prior
-- result where it is not yet booked (then the opening balances as a whole do not sum to zero), plus the results of the year's
-- earlier months; without opening balances it is null.
with opening as (
    select
        association, fiscal_year,
        sum(amount_ore) - sum(case when account like '20%' then amount_ore else 0 end) as opening_ore
    from {{ ref('stg_opening_balances') }}
    group by association, fiscal_year
),
member_funds as (
    select association, period, sum({{ ore('outcome_kr') }}) as funds_ore
    from {{ ref('financing') }}
    group by association, period
),
figures as (
    select
        results.association, results.period, results.result_ore, periods.months,
        opening.opening_ore + results.earlier_ore as opening_ore,
        coalesce(member_funds.funds_ore, 0) as funds_ore
    from {{ ref('int_period_results') }} as results
    inner join {{ ref('int_economy_periods') }} as periods
        on results.association = periods.association and results.period = periods.period
    left join opening
        on results.association = opening.association and results.year = opening.fiscal_year
    left join member_funds
        on results.association = member_funds.association and results.period = member_funds.period
)
select
    association, period,
    {{ kr('opening_ore') }} as opening_kr,
    {{ kr('result_ore') }} as result_kr,
    {{ kr('opening_ore + result_ore') }} as closing_kr,
    {{ percent('months * (opening_ore + result_ore)', '12 * funds_ore') }} as share_of_member_funds_percent
from figures
