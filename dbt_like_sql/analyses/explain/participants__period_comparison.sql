-- One row: what one row of a file adds to one figure of period_comparison, in the period or in the same a year before.
-- The period shown is chosen first, and nothing is materialized on the way: all periods at every level are thirty times as many rows.
with shown as not materialized (
    select
        periods.association, periods.period, columns.figure, columns.sign, columns.which,
        case columns.which when 'now' then periods.period else periods.year_before end as counted_in
    from {{ source('register', 'periods') }} as periods
    cross join (values
        ('value', 'now', 1), ('value_year_before', 'before', 1), ('change', 'now', 1), ('change', 'before', -1)
    ) as columns (figure, which, sign)
),
measured as not materialized (
    select
        shown.association, shown.period, shown.figure, shown.sign, shown.which,
        counted.intervention_id, counted.gender, counted.role, counted.source, counted.path, counted.sheet, counted.row,
        counted.participants, counted.started, counted.ended, 0 as work_or_study
    from shown
    inner join ({{ counted_rows(ref('int_active_interventions'), ref('int_window_participations'), anonymous_rows(source('register', 'periods'), source('accepted', 'sus_insatser'))) }}) as counted
        on shown.association = counted.association
        and shown.counted_in = counted.period
    union all
    select
        shown.association, shown.period, shown.figure, shown.sign, shown.which,
        results.intervention_id, results.gender, 'participation' as role, results.source, results.path, results.sheet, results.row,
        0 as participants, 0 as started, 0 as ended, results.work_or_study
    from shown
    inner join {{ ref('int_results') }} as results
        on shown.association = results.association
        and shown.counted_in = results.period
    where results.span = 'period' and results.is_shown
),
counted as not materialized (
    select *
    from measured
    unpivot (contribution for measure in (participants, started, ended, work_or_study))
),
levelled as not materialized (
    {{ by_level('counted') }}
)
select
    association, period, intervention_id, gender, measure, figure, 'sum' as term,
    case which when 'now' then role else 'year_before' end as role,
    sign * contribution as contribution, source, path, sheet, row
from levelled
