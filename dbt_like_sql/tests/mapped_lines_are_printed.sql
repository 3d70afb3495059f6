-- A voucher row mapped to a line that the period's statement does not print would be in no figure. Periods before the first
-- statement have no lines at all and are left alone.
select distinct periods.association, periods.period, months.line_id
from {{ ref('int_economy_periods') }} as periods
inner join {{ ref('int_ledger_months') }} as months
    on periods.association = months.association
    and months.month between periods.starts_on and periods.ends_on
    and months.line_id is not null
left join {{ ref('int_period_lines') }} as lines
    on periods.association = lines.association
    and periods.period = lines.period
    and months.line_id = lines.line_id
where lines.line_id is null
    and exists (
        select 1 from {{ ref('int_period_lines') }} as printed
        where printed.association = periods.association and printed.period = periods.period
    )
