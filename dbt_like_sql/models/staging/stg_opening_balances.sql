-- One row: the opening balance of one account in one fiscal year, in öre, debit positive. The latest delivery of an account
-- wins; several rows of one account in that file (one an object) add up.
with placed as (
    select
        association, fiscal_year, cast(year_from as date) as year_from, account,
        {{ ore('amount') }} as amount_ore,
        dense_rank() over (
            partition by association, fiscal_year, account
            order by delivered_on desc, path desc
        ) as place
    from {{ source('accepted', 'huvudbok') }}
    where kind = 'opening'
)
select
    association, fiscal_year, account,
    min(year_from) as year_from,
    cast(sum(amount_ore) as bigint) as amount_ore
from placed
where place = 1
group by association, fiscal_year, account
