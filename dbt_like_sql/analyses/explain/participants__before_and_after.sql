-- One row: one participation that ended, in one figure of before_and_after: in its state at start, in that at end, and in the
-- denominator of all states.
with ended_participations as (
    select *
    from {{ ref('int_results') }}
    where span = 'period' and is_shown
),
by_dimension as (
    select *, 'occupation' as dimension, occupation_before as before, occupation_after as after
    from ended_participations
    union all
    select *, 'occupation_status' as dimension, status_before as before, status_after as after
    from ended_participations
    union all
    select *, 'income' as dimension, income_before as before, income_after as after
    from ended_participations
),
levelled as (
    {{ by_level('by_dimension') }}
),
compared as (
    select levelled.*, states.value
    from levelled
    inner join {{ ref('before_and_after') }} as states
        on levelled.association = states.association
        and levelled.period = states.period
        and levelled.intervention_id is not distinct from states.intervention_id
        and levelled.gender = states.gender
        and levelled.dimension = states.dimension
),
figures as (
    select *, 'at_start' as figure, 'sum' as term, 'at_start' as role, ended as contribution from compared where value = before
    union all
    select *, 'at_end' as figure, 'sum' as term, 'at_end' as role, ended as contribution from compared where value = after
    union all
    select *, 'change' as figure, 'sum' as term, 'at_start' as role, -ended as contribution from compared where value = before
    union all
    select *, 'change' as figure, 'sum' as term, 'at_end' as role, ended as contribution from compared where value = after
    union all
    select *, 'of_ended' as figure, 'sum' as term, 'ended' as role, ended as contribution from compared
    union all
    select *, 'at_start_percent' as figure, 'numerator' as term, 'at_start' as role, ended as contribution from compared where value = before
    union all
    select *, 'at_start_percent' as figure, 'denominator' as term, 'ended' as role, ended as contribution from compared
    union all
    select *, 'at_end_percent' as figure, 'numerator' as term, 'at_end' as role, ended as contribution from compared where value = after
    union all
    select *, 'at_end_percent' as figure, 'denominator' as term, 'ended' as role, ended as contribution from compared
)
select
    association, period, intervention_id, gender, dimension, value, figure, term, role,
    contribution, source, path, sheet, row
from figures
