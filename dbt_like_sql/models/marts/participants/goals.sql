-- One row: one goal of the year, for one intervention or (intervention null) for all individual ones together, as it stands from 1
-- January to the end of one period, all genders and anonymous participants together. A goal is a count, or a share in percent with the
-- ended (ended_share: the participants) as denominator. It is met from the configured percent of its target, and near from another.
with counted as (
    select
        association, period, intervention_id, participants, started, ended,
        0 as work, 0 as study, 0 as work_or_study, 0 as positive_other
    from {{ ref('int_window_participations') }}
    where span = 'year_to_date' and is_counted
    union all
    select association, period, intervention_id, participants, 0, 0, 0, 0, 0, 0
    from {{ ref('int_anonymous_participants') }}
    union all
    select association, period, intervention_id, 0, 0, 0, work, study, work_or_study, positive_other
    from {{ ref('int_results') }}
    where span = 'year_to_date'
),
by_intervention as (
    select
        association, period, intervention_id,
        sum(participants) as participants, sum(started) as started, sum(ended) as ended,
        sum(work) as work, sum(study) as study, sum(work_or_study) as work_or_study, sum(positive_other) as positive_other
    from counted
    group by association, period, intervention_id
),
standing as (
    select association, period, intervention_id, participants, started, ended, work, study, work_or_study, positive_other
    from by_intervention
    union all
    select
        counts.association, counts.period, cast(null as varchar) as intervention_id,
        sum(counts.participants), sum(counts.started), sum(counts.ended),
        sum(counts.work), sum(counts.study), sum(counts.work_or_study), sum(counts.positive_other)
    from by_intervention as counts
    inner join {{ source('register', 'interventions') }} as interventions
        on counts.association = interventions.association
        and counts.intervention_id = interventions.intervention_id
    where interventions.orientation = 'individual'
    group by counts.association, counts.period
),
followed as (
    select
        targets.association, targets.year, periods.period, targets.intervention_id, targets.measure, targets.target,
        associations.goal_met_percent, associations.goal_near_percent,
        targets.measure like '%!_share' escape '!' as is_share,
        cast(
            coalesce(
                case replace(targets.measure, '_share', '')
                    when 'participants' then standing.participants
                    when 'started' then standing.started
                    when 'ended' then standing.ended
                    when 'work' then standing.work
                    when 'study' then standing.study
                    when 'work_or_study' then standing.work_or_study
                    when 'positive_other' then standing.positive_other
                end,
                0
            ) as bigint
        ) as numerator,
        cast(coalesce(case targets.measure when 'ended_share' then standing.participants else standing.ended end, 0) as bigint) as whole
    from {{ source('register', 'targets') }} as targets
    inner join {{ source('register', 'associations') }} as associations
        on targets.association = associations.association
    inner join {{ source('register', 'periods') }} as periods
        on targets.association = periods.association
        and targets.year = extract(year from periods.starts_on)
    left join standing
        on periods.association = standing.association
        and periods.period = standing.period
        and targets.intervention_id is not distinct from standing.intervention_id
),
measured as (
    select
        *,
        case when is_share then 'percent' else 'participants' end as unit,
        case when is_share then whole end as denominator,
        -- what is reached of the target is reached / wanted; nothing is wanted of a share of nobody
        case when is_share then 100 * numerator else numerator end as reached,
        case when is_share then nullif(whole, 0) * target else target end as wanted
    from followed
)
select
    association, year, period, intervention_id, measure, unit, target, numerator, denominator,
    {{ percent('numerator', 'denominator') }} as outcome_percent,
    {{ percent('reached', 'wanted') }} as of_target_percent,
    case
        when 100 * reached >= goal_met_percent * wanted then 'met'
        when 100 * reached >= goal_near_percent * wanted then 'near'
        when wanted is not null then 'not_met'
    end as status
from measured
