-- One row: what one row of a file adds to one figure of period_comparison, in the period or in the same a year before.
-- Nothing is materialized on the way: one period is asked for, and all of them at every level are thirty times as many rows.
with counted as not materialized (
    select association, period, intervention_id, gender, role, source, path, sheet, row, measure, contribution
    from ({{ counted_rows(ref('int_active_interventions'), ref('int_window_participations'), anonymous_rows(source('register', 'periods'), source('accepted', 'sus_insatser'))) }}) as counted
    unpivot (contribution for measure in (participants, started, ended))
    union all
    select
        association, period, intervention_id, gender, 'participation' as role, source, path, sheet, row,
        'work_or_study' as measure, work_or_study as contribution
    from {{ ref('int_results') }}
    where span = 'period' and is_shown
),
levelled as not materialized (
    {{ by_level('counted') }}
),
before as not materialized (
    select levelled.* replace (periods.period as period, 'year_before' as role)
    from levelled
    inner join {{ source('register', 'periods') }} as periods
        on levelled.association = periods.association
        and levelled.period = periods.year_before
),
figures as not materialized (
    select *, 'value' as figure from levelled
    union all
    select *, 'value_year_before' as figure from before
    union all
    select *, 'change' as figure from levelled
    union all
    select * replace (-contribution as contribution), 'change' as figure from before
)
select
    association, period, intervention_id, gender, measure, figure, 'sum' as term, role,
    contribution, source, path, sheet, row
from figures
