-- One row: one line of the income statement in one period beside the same period a year before, gross of settled interventions. The
-- year before is null where the ledger does not reach that period's end, or where its statement had no such line.
with known_periods as (
    select association, period
    from {{ ref('int_ledger_reach') }}
    where reaches_end
),
compared as (
    select
        now.association, now.period, now.line_order, now.line_id, now.label, now.kind, periods.year_before,
        {{ ore('now.outcome_kr') }} as outcome_ore,
        {{ ore('before.outcome_kr') }} as before_ore
    from {{ ref('income_statement') }} as now
    inner join {{ source('register', 'periods') }} as periods
        on now.association = periods.association
        and now.period = periods.period
    left join known_periods
        on periods.association = known_periods.association
        and periods.year_before = known_periods.period
    left join {{ ref('income_statement') }} as before
        on known_periods.association = before.association
        and known_periods.period = before.period
        and now.line_id = before.line_id
        and before.kind <> 'section'
    where now.kind <> 'section'
)
select
    association, period, line_order, line_id, label, kind, year_before,
    {{ kr('outcome_ore') }} as outcome_kr,
    {{ kr('before_ore') }} as year_before_kr,
    {{ kr('outcome_ore - before_ore') }} as change_kr,
    {{ tkr('outcome_ore') }} as outcome_tkr,
    {{ tkr('before_ore') }} as year_before_tkr,
    {{ tkr('outcome_ore - before_ore') }} as change_tkr
from compared
