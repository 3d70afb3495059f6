-- One row: one result account and the kind of cost it is, by the first range of accounts that holds it; what no range holds stands last.
with accounts as (
    select distinct association, account
    from {{ ref('int_ledger_months') }}
    where line_id is not null
),
last_places as (
    select association, max(kind_order) as kind_order
    from {{ source('register', 'cost_kinds') }}
    group by association
),
placed as (
    select
        accounts.association, accounts.account,
        coalesce(kinds.kind_order, last_places.kind_order + 1) as kind_order,
        coalesce(kinds.kind, 'unsorted') as kind,
        coalesce(kinds.label, 'Övriga konton') as label,
        row_number() over (partition by accounts.association, accounts.account order by kinds.range_no) as place
    from accounts
    inner join last_places
        on accounts.association = last_places.association
    left join {{ source('register', 'cost_kinds') }} as kinds
        on accounts.association = kinds.association
        and {{ within_accounts('accounts.account', 'kinds.account_from', 'kinds.account_to') }}
)
select association, account, kind_order, kind, label
from placed
where place = 1
