-- One row: the result of one period and of the months before it in the same year, in öre, income positive. It is read from the
-- result accounts themselves, so it holds whatever lines the statement prints.
select
    periods.association, periods.period, periods.year,
    cast(coalesce(sum(case when months.month >= periods.starts_on then -months.amount_ore end), 0) as bigint) as result_ore,
    cast(coalesce(sum(case when months.month < periods.starts_on then -months.amount_ore end), 0) as bigint) as earlier_ore
from {{ ref('int_economy_periods') }} as periods
left join {{ ref('int_ledger_months') }} as months
    on periods.association = months.association
    and months.is_result_account
    and months.month between cast(date_trunc('year', periods.starts_on) as date) and periods.ends_on
group by periods.association, periods.period, periods.year
