-- One row: one voucher row and the rules it fails. A voucher out of balance, or with a row that fails, goes as a whole.
with judged as (
    select *, {{ failing({'L002': 'amount is null', 'L003': 'booked_on is null', 'L004': 'account is null'}) }} as own
    from {{ ref('stg_ledger') }}
),
broken as (
    select path, series, number
    from judged
    group by path, series, number
    having sum(amount) <> 0 or max(len(own)) > 0
)
select judged.* exclude (own), case when len(own) = 0 and broken.path is not null then ['L001'] else own end as failed
from judged
left join broken using (path, series, number)
