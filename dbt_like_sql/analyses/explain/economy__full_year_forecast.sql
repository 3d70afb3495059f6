-- One row: what one row of a file adds to one figure of full_year_forecast, in tkr. Every line of the file is a term of its own,
-- rounded before the lines are added up: the forecast adds printed figures.
with mart_lines as (
    select
        association, period, line_order, kind,
        -- added lines stand among the file's own; without them the order is the file's
        sum(case when kind in ('total', 'result', 'equity') then 0 else 1 end) over (
            partition by association, period
            order by line_order
        ) as place
    from {{ ref('full_year_forecast') }}
),
costs as (
    select association, period, amount_kr * 0.001 as amount_tkr, source, path, sheet, row
    from ({{ outcome_rows(ref('int_period_lines'), ref('int_ledger_lines')) }}) as outcomes
    where block <> 'income' and not settled
),
file_lines as (
    select association, period, place, kind, amount_tkr, 'prognos' as source, path, sheet, row
    from {{ ref('stg_forecast') }}
    where kind <> 'outcome'
    union all
    select forecast.association, forecast.period, forecast.place, forecast.kind, costs.amount_tkr, costs.source, costs.path, costs.sheet, costs.row
    from {{ ref('stg_forecast') }} as forecast
    inner join costs
        on forecast.association = costs.association
        and forecast.period = costs.period
    where forecast.kind = 'outcome'
),
openings as (
    select periods.association, periods.period, openings.role, openings.amount_kr * 0.001 as amount_tkr, openings.source, openings.path, openings.sheet, openings.row
    from {{ ref('int_economy_periods') }} as periods
    inner join ({{ opening_equity_rows(ref('stg_opening_rows')) }}) as openings
        on periods.association = openings.association
        and periods.year = openings.fiscal_year
),
figures as (
    select
        mart_lines.association, mart_lines.period, mart_lines.line_order, 'line ' || file_lines.place as term, file_lines.kind as role,
        -- a result is income less costs
        case when mart_lines.kind in ('result', 'equity') and file_lines.kind <> 'income' then -file_lines.amount_tkr else file_lines.amount_tkr end as contribution,
        file_lines.source, file_lines.path, file_lines.sheet, file_lines.row
    from mart_lines
    inner join file_lines
        on mart_lines.association = file_lines.association
        and mart_lines.period = file_lines.period
        and case mart_lines.kind
            when 'total' then file_lines.kind in ('cost', 'outcome')
            when 'result' then true
            when 'equity' then true
            else mart_lines.place = file_lines.place
        end
    union all
    select
        mart_lines.association, mart_lines.period, mart_lines.line_order, 'opening' as term, openings.role,
        openings.amount_tkr as contribution, openings.source, openings.path, openings.sheet, openings.row
    from mart_lines
    inner join openings
        on mart_lines.association = openings.association
        and mart_lines.period = openings.period
    where mart_lines.kind = 'equity'
)
select association, period, line_order, 'amount_tkr' as figure, term, role, contribution, source, path, sheet, row
from figures
