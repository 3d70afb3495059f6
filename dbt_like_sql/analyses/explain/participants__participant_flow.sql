-- One row: what one row of a file adds to one figure of participant_flow.
with counted as (
    select
        association, period, intervention_id, gender, 'participation' as role, source, path, sheet, row,
        carried_in, started, participants, ended, carried_out
    from {{ ref('int_window_participations') }}
    where span = 'period' and is_counted
    union all
    select
        association, period, intervention_id, 'anonymous' as gender, 'anonymous' as role, source, path, sheet, row,
        0 as carried_in, 0 as started, participants, 0 as ended, 0 as carried_out
    from ({{ anonymous_rows(source('register', 'periods'), source('accepted', 'sus_insatser')) }}) as anonymous
)
select association, period, intervention_id, gender, figure, 'sum' as term, role, contribution, source, path, sheet, row
from counted
unpivot (contribution for figure in (carried_in, started, participants, ended, carried_out))
