-- One row: one account and the line of the balance sheet it stands on, by the first range of accounts that holds it. Accounts of the
-- classes 3-8 are the year's result until it is booked, closing accounts included: booked, they and equity cancel out.
with accounts as (
    select association, account
    from {{ ref('int_ledger_months') }}
    union
    select association, account
    from {{ ref('stg_opening_balances') }}
),
placed as (
    select
        accounts.association, accounts.account,
        case
            when left(accounts.account, 1) between '3' and '8' then 'result'
            when lines.line_id is not null then lines.line_id
            when left(accounts.account, 1) = '1' then 'unsorted_assets'
            else 'unsorted_liabilities'
        end as line_id,
        row_number() over (partition by accounts.association, accounts.account order by lines.range_no) as place
    from accounts
    left join {{ source('register', 'balance_lines') }} as lines
        on accounts.association = lines.association
        and {{ within_accounts('accounts.account', 'lines.account_from', 'lines.account_to') }}
)
select association, account, line_id
from placed
where place = 1
