-- One row: the participants of one individual intervention in one period and gender, as reported to Uppföljning Finsam (left) and
-- as the local source counts them (right). Every local source with rows for the intervention and period is compared, also the one
-- that is not counted; where none has rows the first of counts_from stands there with zeros. A report is compared only when
-- its days are exactly the period's.
with reported as (
    select
        periods.association, periods.period, reported_counts.source, reported_counts.intervention_id,
        reported_counts.women, reported_counts.men, reported_counts.other, reported_counts.total
    from {{ ref('stg_reported_counts') }} as reported_counts
    inner join {{ source('register', 'periods') }} as periods
        on reported_counts.association = periods.association
        and reported_counts.period_from = periods.starts_on
        and reported_counts.period_to = periods.ends_on
    inner join {{ source('register', 'interventions') }} as interventions
        on reported_counts.association = interventions.association
        and reported_counts.intervention_id = interventions.intervention_id
    where interventions.orientation = 'individual'
),
local_counts as (
    select
        association, period, intervention_id, source,
        sum(case when gender = 'woman' then participants else 0 end) as women,
        sum(case when gender = 'man' then participants else 0 end) as men,
        sum(case when gender = 'other' then participants else 0 end) as other,
        sum(participants) as total
    from {{ ref('int_window_participations') }}
    where span = 'period'
    group by association, period, intervention_id, source
),
sides as (
    select
        reported.association, reported.period, reported.intervention_id, reported.source as left_source,
        coalesce(local_counts.source, split_part(associations.counts_from, '|', 1)) as right_source,
        reported.women as left_women, reported.men as left_men, reported.other as left_other, reported.total as left_total,
        coalesce(local_counts.women, 0) as right_women, coalesce(local_counts.men, 0) as right_men,
        coalesce(local_counts.other, 0) as right_other, coalesce(local_counts.total, 0) as right_total
    from reported
    inner join {{ source('register', 'associations') }} as associations
        on reported.association = associations.association
    left join local_counts
        on reported.association = local_counts.association
        and reported.period = local_counts.period
        and reported.intervention_id = local_counts.intervention_id
),
by_gender as (
    select association, period, intervention_id, left_source, right_source, 'woman' as gender, left_women as left_value, right_women as right_value
    from sides
    union all
    select association, period, intervention_id, left_source, right_source, 'man' as gender, left_men as left_value, right_men as right_value
    from sides
    union all
    select association, period, intervention_id, left_source, right_source, 'other' as gender, left_other as left_value, right_other as right_value
    from sides
    union all
    select association, period, intervention_id, left_source, right_source, 'total' as gender, left_total as left_value, right_total as right_value
    from sides
)
select
    association, period, intervention_id, left_source, right_source, gender,
    cast(left_value as bigint) as left_value,
    cast(right_value as bigint) as right_value,
    cast(left_value - right_value as bigint) as difference
from by_gender
