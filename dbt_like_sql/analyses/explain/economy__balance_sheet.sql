-- One row: one voucher row or opening balance in one figure of balance_sheet. A prior result that is not booked is what all opening
-- balances leave over.
with opened as (
    select openings.association, openings.fiscal_year, accounts.line_id, openings.amount_ore, openings.path, openings.sheet, openings.row
    from {{ ref('stg_opening_rows') }} as openings
    inner join {{ ref('int_balance_accounts') }} as accounts
        on openings.association = accounts.association
        and openings.account = accounts.account
    where accounts.line_id <> 'result'
),
moved as (
    select periods.association, periods.period, opened.line_id, 'opening' as role, opened.amount_ore, opened.path, opened.sheet, opened.row
    from {{ ref('int_economy_periods') }} as periods
    inner join opened
        on periods.association = opened.association
        and periods.year = opened.fiscal_year
    union all
    select periods.association, periods.period, 'prior_result' as line_id, 'opening' as role, -opened.amount_ore, opened.path, opened.sheet, opened.row
    from {{ ref('int_economy_periods') }} as periods
    inner join opened
        on periods.association = opened.association
        and periods.year = opened.fiscal_year
    union all
    select
        periods.association, periods.period, accounts.line_id,
        case when ledger.month < periods.starts_on then 'earlier' else 'change' end as role,
        ledger.amount_ore, ledger.path, ledger.sheet, ledger.row
    from {{ ref('int_economy_periods') }} as periods
    inner join {{ ref('stg_ledger') }} as ledger
        on periods.association = ledger.association
        and ledger.month between cast(date_trunc('year', periods.starts_on) as date) and periods.ends_on
    inner join {{ ref('int_balance_accounts') }} as accounts
        on ledger.association = accounts.association
        and ledger.account = accounts.account
)
select
    sheet.association, sheet.period, sheet.line_order, sheet.line_id, columns.figure, 'sum' as term, moved.role,
    case when sheet.side = 'asset' then 1 else -1 end * {{ kr('moved.amount_ore') }} as contribution,
    'huvudbok' as source, moved.path, moved.sheet, moved.row
from {{ ref('balance_sheet') }} as sheet
inner join moved
    on sheet.association = moved.association
    and sheet.period = moved.period
    and sheet.line_id = moved.line_id
cross join (values ('opening_kr'), ('change_kr'), ('closing_kr')) as columns (figure)
where columns.figure = 'closing_kr' or (columns.figure = 'change_kr') = (moved.role = 'change')
