-- One row: one participation that ended, in one figure of duration. It is in its own class, and in the denominator and the mean of all.
with lasted as (
    select association, period, intervention_id, gender, days_class as own_class, ended, days, source, path, sheet, row
    from {{ ref('int_results') }}
    where span = 'period' and is_shown
),
levelled as (
    {{ by_level('lasted') }}
),
classed as (
    select levelled.*, classes.class_order, classes.days_class
    from levelled
    cross join {{ days_classes() }}
),
figures as (
    select *, 'ended' as figure, 'sum' as term, ended as contribution from classed where days_class = own_class
    union all
    select *, 'of_ended' as figure, 'sum' as term, ended as contribution from classed
    union all
    select *, 'share_percent' as figure, 'numerator' as term, ended as contribution from classed where days_class = own_class
    union all
    select *, 'share_percent' as figure, 'denominator' as term, ended as contribution from classed
    union all
    select *, 'mean_days_of_ended' as figure, 'numerator' as term, days as contribution from classed
    union all
    select *, 'mean_days_of_ended' as figure, 'denominator' as term, ended as contribution from classed
)
select
    association, period, intervention_id, gender, class_order, days_class, figure, term, 'participation' as role,
    contribution, source, path, sheet, row
from figures
