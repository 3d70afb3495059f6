-- One row: one participation that ended, in one figure of exit_reasons.
select
    association, period, intervention_id, gender, exit_reason, 'ended' as figure, 'sum' as term, 'participation' as role,
    ended as contribution, source, path, sheet, row
from {{ ref('int_window_participations') }}
where span = 'period' and is_counted
