-- One row: one row of a file that states an opening balance that counts, in öre, debit positive. The latest delivery of an account
-- wins; one account may stand on several rows of that file (one an object).
with placed as (
    select
        association, path, sheet, row, fiscal_year, cast(year_from as date) as year_from, account,
        {{ ore('amount') }} as amount_ore,
        dense_rank() over (
            partition by association, fiscal_year, account
            order by delivered_on desc, path desc
        ) as place
    from {{ source('accepted', 'huvudbok') }}
    where kind = 'opening'
)
select association, path, sheet, row, fiscal_year, year_from, account, amount_ore
from placed
where place = 1
