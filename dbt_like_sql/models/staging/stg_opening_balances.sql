-- One row: the opening balance of one account in one fiscal year, in öre, debit positive; the rows of one account add up.
select
    association, fiscal_year, account,
    min(year_from) as year_from,
    cast(sum(amount_ore) as bigint) as amount_ore
from {{ ref('stg_opening_rows') }}
group by association, fiscal_year, account
