-- One row: the participations of one time class among those that ended in one period, in one individual intervention or
-- (intervention null) in all of them, for one gender or all (total); every class of a group that has anybody. The mean is of the whole group, whatever class.
with counted as (
    select association, period, intervention_id, gender, days_class, sum(ended) as ended, sum(days) as days
    from {{ ref('int_results') }}
    where span = 'period' and is_shown
    group by association, period, intervention_id, gender, days_class
),
levelled as (
    {{ by_level('counted') }}
),
summed as (
    select
        association, period, intervention_id, gender, days_class,
        cast(sum(ended) as bigint) as ended,
        cast(sum(days) as bigint) as days
    from levelled
    group by association, period, intervention_id, gender, days_class
),
filled as (
    select
        groups.association, groups.period, groups.intervention_id, groups.gender, classes.class_order, classes.days_class,
        coalesce(summed.ended, 0) as ended,
        groups.ended as of_ended,
        coalesce(summed.days, 0) as days
    from {{ ref('results') }} as groups
    cross join {{ days_classes() }}
    left join summed
        on groups.association = summed.association
        and groups.period = summed.period
        and groups.intervention_id is not distinct from summed.intervention_id
        and groups.gender = summed.gender
        and classes.days_class = summed.days_class
    where groups.ended > 0
),
with_days as (
    select *, cast(sum(days) over (partition by association, period, intervention_id, gender) as bigint) as days_of_ended
    from filled
)
select
    association, period, intervention_id, gender, cast(class_order as bigint) as class_order, days_class, ended, of_ended,
    {{ percent('ended', 'of_ended') }} as share_percent,
    {{ kr(half_up('100 * days_of_ended', 'of_ended')) }} as mean_days_of_ended
from with_days
