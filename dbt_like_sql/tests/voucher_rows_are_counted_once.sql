-- Mapping neither loses nor doubles a voucher row.
with ledger as (
    select association, count(*) as rows, sum(amount_ore) as amount_ore
    from {{ ref('stg_ledger') }}
    group by association
),
lines as (
    select association, sum(rows) as rows, sum(amount_ore) as amount_ore
    from {{ ref('int_ledger_months') }}
    group by association
)
select ledger.association
from ledger
left join lines
    on ledger.association = lines.association
where ledger.rows <> coalesce(lines.rows, 0) or ledger.amount_ore <> coalesce(lines.amount_ore, 0)
