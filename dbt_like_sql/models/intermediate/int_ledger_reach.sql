-- One row: how far the ledger of a period's own fiscal year reaches, seen from that period. A delivery that says what it covers
-- (#OMFATTN) is believed; of one that does not, its vouchers are: it reaches the period's end when one of them is booked in the
-- period's last month (rule L009). `ledger_through` stops before the period's end exactly when that is not reached.
with ledger_deliveries as (
    select
        deliveries.association, deliveries.sha256, deliveries.path,
        max(deliveries.covers_to) as covers_to
    from {{ source('accepted', 'deliveries') }} as deliveries
    where deliveries.source = 'huvudbok'
    group by deliveries.association, deliveries.sha256, deliveries.path
),
evidence as (
    select distinct
        ledger.association, ledger.year_from, ledger.year_to,
        ledger_deliveries.covers_to is not null as stated,
        coalesce(
            ledger_deliveries.covers_to,
            cast(date_trunc('month', ledger.date) + interval 1 month - interval 1 day as date)
        ) as through
    from {{ source('accepted', 'huvudbok') }} as ledger
    left join ledger_deliveries
        on ledger.association = ledger_deliveries.association
        and ledger.sha256 = ledger_deliveries.sha256
        and ledger.path = ledger_deliveries.path
    where ledger.kind = 'transaction'
),
seen as (
    select
        periods.association, periods.period,
        max(evidence.through) as furthest,
        max(case when evidence.through < periods.ends_on then evidence.through end) as before_the_end,
        max(
            case
                when evidence.through = periods.ends_on or (evidence.stated and evidence.through > periods.ends_on) then 1
                else 0
            end
        ) as reached
    from {{ source('register', 'periods') }} as periods
    left join evidence
        on periods.association = evidence.association
        and periods.ends_on between evidence.year_from and evidence.year_to
    group by periods.association, periods.period
)
select
    association, period,
    case when reached = 1 then furthest else before_the_end end as ledger_through,
    reached = 1 as reaches_end
from seen
