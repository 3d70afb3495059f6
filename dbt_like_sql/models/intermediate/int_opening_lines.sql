-- One row: the opening balance of one account in one year, in öre with the ledger's sign, and the line it lands on
-- by the rules in force on the year's first day.
select
    balances.association, balances.fiscal_year, balances.account, balances.amount_ore,
    matches.line_id
from {{ ref('stg_opening_balances') }} as balances
left join {{ ref('int_line_matches') }} as matches
    on balances.association = matches.association
    and balances.account = matches.account
    and matches.objects = ''
    and balances.year_from >= matches.first_day
    and balances.year_from <= matches.last_day
