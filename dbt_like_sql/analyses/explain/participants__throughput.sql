-- One row: what one row of a file adds to one figure of throughput, or to the numerator or the denominator of its share.
with counted as (
    select *
    from ({{ counted_rows(ref('int_active_interventions'), ref('int_window_participations'), anonymous_rows(source('register', 'periods'), source('accepted', 'sus_insatser'))) }}) as counted
),
levelled as (
    {{ by_level('counted') }}
),
figures as (
    select association, period, intervention_id, gender, figure, 'sum' as term, role, contribution, source, path, sheet, row
    from levelled
    unpivot (contribution for figure in (ended, participants))
    union all
    select association, period, intervention_id, gender, 'ended_percent', 'numerator', role, ended, source, path, sheet, row
    from levelled
    union all
    select association, period, intervention_id, gender, 'ended_percent', 'denominator', role, participants, source, path, sheet, row
    from levelled
)
select association, period, intervention_id, gender, figure, term, role, contribution, source, path, sheet, row
from figures
