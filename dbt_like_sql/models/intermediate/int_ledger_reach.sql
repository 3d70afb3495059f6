-- One row: how far the ledger reaches, seen from one period. A delivery that says what it covers (#OMFATTN) is believed; of one
-- that does not, its vouchers are: it reaches the period's end when one of them is booked in the period's last month (rule L009).
with ledger_deliveries as (
    select
        deliveries.association, deliveries.sha256, deliveries.path,
        max(deliveries.covers_to) as covers_to
    from {{ source('accepted', 'deliveries') }} as deliveries
    where deliveries.source = 'huvudbok'
    group by deliveries.association, deliveries.sha256, deliveries.path
),
voucher_months as (
    select ledger.association, ledger.month
    from {{ ref('stg_ledger') }} as ledger
    left join ledger_deliveries
        on ledger.association = ledger_deliveries.association
        and ledger.sha256 = ledger_deliveries.sha256
        and ledger.path = ledger_deliveries.path
    where ledger_deliveries.covers_to is null
    group by ledger.association, ledger.month
),
statements as (
    select distinct ledger.association, ledger_deliveries.covers_to
    from {{ ref('stg_ledger') }} as ledger
    inner join ledger_deliveries
        on ledger.association = ledger_deliveries.association
        and ledger.sha256 = ledger_deliveries.sha256
        and ledger.path = ledger_deliveries.path
    where ledger_deliveries.covers_to is not null
),
reaches as (
    select association, cast(max(month) + interval 1 month - interval 1 day as date) as through
    from voucher_months
    group by association
    union all
    select association, max(covers_to) as through
    from statements
    group by association
)
select
    periods.association, periods.period,
    (select max(reaches.through) from reaches where reaches.association = periods.association) as ledger_through,
    exists (
        select 1 from voucher_months
        where voucher_months.association = periods.association and voucher_months.month = cast(date_trunc('month', periods.ends_on) as date)
    )
    or exists (
        select 1 from statements
        where statements.association = periods.association and statements.covers_to >= periods.ends_on
    ) as reaches_end
from {{ source('register', 'periods') }} as periods
