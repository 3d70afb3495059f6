-- One row: one voucher row. Amount in öre, debit positive. A result account is class 3-8 without the closing accounts, which
-- only carry the year's result over to equity: 8999 in BAS, 89xx in Kommun-Bas.
{{ config(materialized='table') }}
select
    ledger.association, ledger.path, ledger.sha256, ledger.sheet, ledger.row,
    cast(ledger.date as date) as booked_on,
    cast(date_trunc('month', ledger.date) as date) as month,
    ledger.account,
    coalesce(ledger.objects, '') as objects,
    {{ ore('ledger.amount') }} as amount_ore,
    left(ledger.account, 1) between '3' and '8'
    and not (
        ledger.account like '8999%'
        or (associations.chart_of_accounts = 'kommun-bas' and ledger.account like '89%')
    ) as is_result_account
from {{ source('accepted', 'huvudbok') }} as ledger
inner join {{ source('register', 'associations') }} as associations
    on ledger.association = associations.association
where ledger.kind = 'transaction'
