-- One row: one line of the balance sheet in one period of a year whose opening balances are delivered. Assets are debit, equity and
-- liabilities credit, so assets = equity + liabilities in every column. The result of the year is in equity whether it is booked there yet or
-- not, and so is a prior result that the opening balances have not been given.
with booked as (
    select months.association, months.month, accounts.line_id, sum(months.amount_ore) as amount_ore
    from {{ ref('int_ledger_months') }} as months
    inner join {{ ref('int_balance_accounts') }} as accounts
        on months.association = accounts.association
        and months.account = accounts.account
    group by months.association, months.month, accounts.line_id
),
balances as (
    select openings.association, openings.fiscal_year, accounts.line_id, openings.amount_ore
    from {{ ref('stg_opening_balances') }} as openings
    inner join {{ ref('int_balance_accounts') }} as accounts
        on openings.association = accounts.association
        and openings.account = accounts.account
    where accounts.line_id <> 'result'
),
opened as (
    select association, fiscal_year, line_id, amount_ore
    from balances
    union all
    select association, fiscal_year, 'prior_result' as line_id, -amount_ore as amount_ore
    from balances
),
opening as (
    select association, fiscal_year, line_id, sum(amount_ore) as amount_ore
    from opened
    group by association, fiscal_year, line_id
),
opened_periods as (
    select periods.association, periods.period, periods.year, periods.starts_on, periods.ends_on
    from {{ ref('int_economy_periods') }} as periods
    inner join (select distinct association, fiscal_year from {{ ref('stg_opening_balances') }}) as years
        on periods.association = years.association
        and periods.year = years.fiscal_year
),
turnovers as (
    select
        periods.association, periods.period, booked.line_id,
        sum(case when booked.month < periods.starts_on then booked.amount_ore else 0 end) as earlier_ore,
        sum(case when booked.month >= periods.starts_on then booked.amount_ore else 0 end) as change_ore
    from opened_periods as periods
    inner join booked
        on periods.association = booked.association
        and booked.month between cast(date_trunc('year', periods.starts_on) as date) and periods.ends_on
    group by periods.association, periods.period, booked.line_id
),
own_lines as (
    select distinct association, line_order, line_id, label, side, true as is_always_shown
    from {{ source('register', 'balance_lines') }}
),
all_lines as (
    select association, line_order, line_id, label, side, is_always_shown
    from own_lines
    union all
    select last_places.association, last_places.line_order + added.place as line_order, added.line_id, added.label, added.side, added.is_always_shown
    from (select association, max(line_order) as line_order from own_lines group by association) as last_places
    cross join (values
        (1, 'unsorted_assets', 'Övriga tillgångar', 'asset', false),
        (2, 'unsorted_liabilities', 'Övriga skulder', 'liability', false),
        (3, 'prior_result', 'Tidigare resultat, ännu inte bokfört', 'equity', false),
        (4, 'result', 'Årets resultat, ännu inte bokfört', 'equity', true)
    ) as added (place, line_id, label, side, is_always_shown)
),
figures as (
    select
        periods.association, periods.period, lines.line_order, lines.line_id, lines.label, lines.side, lines.is_always_shown,
        case when lines.side = 'asset' then 1 else -1 end * (coalesce(opening.amount_ore, 0) + coalesce(turnovers.earlier_ore, 0)) as opening_ore,
        case when lines.side = 'asset' then 1 else -1 end * coalesce(turnovers.change_ore, 0) as change_ore
    from opened_periods as periods
    inner join all_lines as lines
        on periods.association = lines.association
    left join opening
        on periods.association = opening.association
        and periods.year = opening.fiscal_year
        and lines.line_id = opening.line_id
    left join turnovers
        on periods.association = turnovers.association
        and periods.period = turnovers.period
        and lines.line_id = turnovers.line_id
)
select
    association, period, cast(line_order as bigint) as line_order, line_id, label, side,
    {{ kr('opening_ore') }} as opening_kr,
    {{ kr('change_ore') }} as change_kr,
    {{ kr('opening_ore + change_ore') }} as closing_kr
from figures
where is_always_shown or opening_ore <> 0 or change_ore <> 0
