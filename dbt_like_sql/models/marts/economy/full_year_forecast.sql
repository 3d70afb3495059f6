-- One row: one line of the twelve-month forecast: the file's lines in its order, the total cost after the last cost or outcome
-- line, result and closing equity at the end. Everything added is added up from the printed tkr.
with outcomes as (
    select association, period, {{ tkr('sum(' ~ ore('cost_kr') ~ ')') }} as amount_tkr
    from {{ ref('cost_distribution') }}
    group by association, period
),
openings as (
    select periods.association, periods.period, {{ tkr(ore('equity.opening_kr')) }} as opening_tkr
    from {{ ref('int_economy_periods') }} as periods
    inner join {{ source('register', 'periods') }} as years
        on periods.association = years.association
        and years.kind = 'year'
        and periods.starts_on between years.starts_on and years.ends_on
    inner join {{ ref('equity') }} as equity
        on years.association = equity.association
        and years.period = equity.period
),
file_lines as (
    select
        forecast.association, forecast.period, forecast.place, forecast.label, forecast.kind,
        case when forecast.kind = 'outcome' then outcomes.amount_tkr else forecast.amount_tkr end as amount_tkr
    from {{ ref('stg_forecast') }} as forecast
    inner join {{ source('register', 'periods') }} as periods
        on forecast.association = periods.association and forecast.period = periods.period
    left join outcomes
        on forecast.association = outcomes.association and forecast.period = outcomes.period
),
sums as (
    select
        association, period,
        max(case when kind in ('cost', 'outcome') then place else 0 end) as last_cost_place,
        max(place) as last_place,
        coalesce(sum(case when kind in ('cost', 'outcome') then amount_tkr end), 0) as cost_tkr,
        coalesce(sum(case when kind = 'income' then amount_tkr end), 0) as income_tkr
    from file_lines
    group by association, period
),
all_lines as (
    select association, period, place, 0 as added, label, kind, amount_tkr
    from file_lines
    union all
    select association, period, last_cost_place as place, 1 as added, 'Totala kostnader 12 månader' as label, 'total' as kind, cost_tkr as amount_tkr
    from sums
    union all
    select association, period, last_place as place, 2 as added, 'Resultat 12 månader' as label, 'result' as kind, income_tkr - cost_tkr as amount_tkr
    from sums
    union all
    select
        sums.association, sums.period, sums.last_place as place, 3 as added, 'Eget kapital vid årets slut' as label, 'equity' as kind,
        openings.opening_tkr + sums.income_tkr - sums.cost_tkr as amount_tkr
    from sums
    left join openings
        on sums.association = openings.association and sums.period = openings.period
)
select
    association, period,
    row_number() over (partition by association, period order by place, added) as line_order,
    label, kind,
    cast(amount_tkr as bigint) as amount_tkr
from all_lines
