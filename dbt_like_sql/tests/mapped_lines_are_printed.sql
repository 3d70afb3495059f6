-- A voucher row mapped to a line that the period's statement does not print would be in no figure of it. Periods before the first
-- statement have no lines at all and are left alone, and so is a whole year beside its parts: where the lines change within a year
-- its statement has the later ones, each part its own.
with printed as (
    select distinct association, period, line_id
    from {{ ref('income_statement') }}
),
own_periods as (
    select periods.association, periods.period, periods.starts_on, periods.ends_on
    from {{ source('register', 'periods') }} as periods
    inner join {{ source('register', 'associations') }} as associations
        on periods.association = associations.association
    where periods.kind <> 'year' or associations.period_kind = 'year'
)
select distinct own_periods.association, own_periods.period, months.line_id
from own_periods
inner join {{ ref('int_ledger_months') }} as months
    on own_periods.association = months.association
    and months.month between own_periods.starts_on and own_periods.ends_on
    and months.line_id is not null
left join printed
    on own_periods.association = printed.association
    and own_periods.period = printed.period
    and months.line_id = printed.line_id
where printed.line_id is null
    and exists (
        select 1 from printed as lines
        where lines.association = own_periods.association and lines.period = own_periods.period
    )
