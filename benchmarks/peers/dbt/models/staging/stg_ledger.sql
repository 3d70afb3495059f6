-- One row: one voucher row, typed; what cannot be read is null.
with numbered as (
    select *, row_number() over () as place from {{ source('landing', 'huvudbok') }}
),
amounts as (
    select *, {{ kr_of('Debet') }} as debit_kr, {{ kr_of('Kredit') }} as credit_kr from numbered
)
select
    {{ association_of('filename') }} as association, 'huvudbok' as source, {{ path_of('filename') }} as path,
    place - min(place) over (partition by filename) + 2 as "row",
    Serie as series, Verifikationsnr as number, {{ day_of('Datum') }} as booked_on,
    case when regexp_full_match(Konto, '[0-9]{4,6}') then Konto end as account,
    cast(case
        when Debet is not null and debit_kr is null or Kredit is not null and credit_kr is null then null
        when coalesce(debit_kr, 0) <> 0 and coalesce(credit_kr, 0) <> 0 then null
        when Debet is not null or Kredit is not null then coalesce(debit_kr, 0) - coalesce(credit_kr, 0)
    end as decimal(18, 2)) as amount,
    '6:' || Projekt as object
from amounts
