-- One row: one period, and how far what is delivered reaches. It is complete when the ledger reaches its end and, where there are
-- participant deliveries at all, one came on its last day or later.
with participant_days as (
    select association, max(delivered_on) as participants_through
    from {{ source('accepted', 'deliveries') }}
    where source in ('deltagaruppfoljning', 'sus_deltagare') and accepted > 0
    group by association
)
select
    periods.association, periods.period, periods.starts_on, periods.ends_on, periods.previous, periods.year_before,
    participant_days.participants_through,
    reach.ledger_through,
    reach.reaches_end and coalesce(participant_days.participants_through >= periods.ends_on, true) as complete
from {{ source('register', 'periods') }} as periods
inner join {{ ref('int_ledger_reach') }} as reach
    on periods.association = reach.association
    and periods.period = reach.period
left join participant_days
    on periods.association = participant_days.association
