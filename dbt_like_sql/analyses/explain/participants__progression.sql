-- One row: one participation that ended, in one figure of progression.
with states as (
    select *, 'occupation' as dimension, occupation_before as before, occupation_after as after
    from {{ ref('int_window_participations') }}
    union all
    select *, 'income' as dimension, income_before as before, income_after as after
    from {{ ref('int_window_participations') }}
)
select
    association, period, intervention_id, gender, dimension, before, after,
    'ended' as figure, 'sum' as term, 'participation' as role, ended as contribution, source, path, sheet, row
from states
where span = 'period' and is_counted
