-- One row: one voucher row or opening balance in one figure of equity. The members' contributions of a period are in the share
-- as those of a whole year.
with opening as (
    select periods.association, periods.period, openings.role, openings.amount_kr, openings.source, openings.path, openings.sheet, openings.row
    from {{ ref('int_economy_periods') }} as periods
    inner join ({{ opening_equity_rows(ref('stg_opening_rows')) }}) as openings
        on periods.association = openings.association
        and periods.year = openings.fiscal_year
),
results as (
    select
        periods.association, periods.period, case when ledger.month >= periods.starts_on then 'result' else 'earlier' end as role,
        {{ kr('-ledger.amount_ore') }} as amount_kr, 'huvudbok' as source, ledger.path, ledger.sheet, ledger.row
    from {{ ref('int_economy_periods') }} as periods
    inner join {{ ref('int_ledger_lines') }} as ledger
        on periods.association = ledger.association
        and ledger.month between cast(date_trunc('year', periods.starts_on) as date) and periods.ends_on
),
closing as (
    select * from opening
    union all
    select * from results
),
member_funds as (
    select
        outcomes.association, outcomes.period, 'member_funds' as role,
        cast(outcomes.amount_kr * (12 // periods.months) as decimal(18, 2)) as amount_kr,
        outcomes.source, outcomes.path, outcomes.sheet, outcomes.row
    from ({{ outcome_rows(ref('int_period_lines'), ref('int_ledger_lines')) }}) as outcomes
    inner join {{ source('register', 'members') }} as members
        on outcomes.association = members.association
        and outcomes.line_id = members.member_id
    inner join {{ ref('int_economy_periods') }} as periods
        on outcomes.association = periods.association
        and outcomes.period = periods.period
),
figures as (
    select *, 'opening_kr' as figure, 'sum' as term from closing where role <> 'result'
    union all
    select *, 'result_kr' as figure, 'sum' as term from closing where role = 'result'
    union all
    select *, 'closing_kr' as figure, 'sum' as term from closing
    union all
    select *, 'share_of_member_funds_percent' as figure, 'numerator' as term from closing
    union all
    select *, 'share_of_member_funds_percent' as figure, 'denominator' as term from member_funds
)
select association, period, figure, term, role, amount_kr as contribution, source, path, sheet, row
from figures
