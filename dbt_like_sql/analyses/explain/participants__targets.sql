-- One row: what one row of a file adds to one figure of targets; the target itself stands in the configuration.
with counted as (
    select association, period, intervention_id, measure, 'participation' as role, contribution, source, path, sheet, row
    from {{ ref('int_window_participations') }}
    unpivot (contribution for measure in (participants, started, ended))
    where span = 'year_to_date' and is_counted
    union all
    select
        association, period, intervention_id, 'participants' as measure, 'anonymous' as role,
        participants as contribution, source, path, sheet, row
    from ({{ anonymous_rows(source('register', 'periods'), source('accepted', 'sus_insatser')) }}) as anonymous
),
wanted as (
    select targets.association, targets.year, periods.period, targets.intervention_id, targets.measure, targets.target
    from {{ source('register', 'targets') }} as targets
    inner join {{ source('register', 'periods') }} as periods
        on targets.association = periods.association
        and targets.year = extract(year from periods.starts_on)
)
select
    association, year, period, intervention_id, measure, 'target' as figure, 'sum' as term, 'target' as role,
    target as contribution, 'config' as source, 'config/' || association || '/targets.csv' as path,
    cast(null as varchar) as sheet, cast(null as bigint) as row
from wanted
union all
select
    wanted.association, wanted.year, wanted.period, wanted.intervention_id, wanted.measure, 'actual' as figure, 'sum' as term, counted.role,
    counted.contribution, counted.source, counted.path, counted.sheet, counted.row
from wanted
inner join counted
    on wanted.association = counted.association
    and wanted.period = counted.period
    and wanted.intervention_id = counted.intervention_id
    and wanted.measure = counted.measure
