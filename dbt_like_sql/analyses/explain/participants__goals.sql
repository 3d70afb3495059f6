-- One row: what one row of a file adds to one figure of goals, or to the numerator or the denominator of a share; the target itself
-- stands in the configuration.
with counted as (
    select association, period, intervention_id, 'participation' as role, measure, contribution, source, path, sheet, row
    from {{ ref('int_window_participations') }}
    unpivot (contribution for measure in (participants, started, ended))
    where span = 'year_to_date' and is_counted
    union all
    select association, period, intervention_id, 'anonymous' as role, 'participants' as measure, participants as contribution, source, path, sheet, row
    from ({{ anonymous_rows(source('register', 'periods'), source('accepted', 'sus_insatser')) }}) as anonymous
    union all
    select association, period, intervention_id, 'participation' as role, measure, contribution, source, path, sheet, row
    from {{ ref('int_results') }}
    unpivot (contribution for measure in (work, study, work_or_study, positive_other))
    where span = 'year_to_date'
),
standing as (
    select *
    from counted
    union all
    select counted.* replace (cast(null as varchar) as intervention_id)
    from counted
    inner join {{ source('register', 'interventions') }} as interventions
        on counted.association = interventions.association
        and counted.intervention_id = interventions.intervention_id
    where interventions.orientation = 'individual'
),
used as (
    select
        goals.association, goals.year, goals.period, goals.intervention_id, goals.measure, goals.target, goals.unit,
        standing.measure = replace(goals.measure, '_share', '') as is_numerator,
        goals.unit = 'percent'
        and standing.measure = case goals.measure when 'ended_share' then 'participants' else 'ended' end as is_denominator,
        standing.role, standing.contribution, standing.source, standing.path, standing.sheet, standing.row
    from {{ ref('goals') }} as goals
    inner join standing
        on goals.association = standing.association
        and goals.period = standing.period
        and goals.intervention_id is not distinct from standing.intervention_id
),
stated as (
    select
        association, year, period, intervention_id, measure, target, unit, 'target' as role, target as contribution, 'config' as source,
        'config/' || association || '/targets.csv' as path, cast(null as varchar) as sheet, cast(null as bigint) as row
    from {{ ref('goals') }}
),
figures as (
    select * exclude (is_numerator, is_denominator), 'numerator' as figure, 'sum' as term from used where is_numerator
    union all
    select * exclude (is_numerator, is_denominator), 'denominator' as figure, 'sum' as term from used where is_denominator
    union all
    select * exclude (is_numerator, is_denominator), 'outcome_percent' as figure, 'numerator' as term from used where is_numerator
    union all
    select * exclude (is_numerator, is_denominator), 'outcome_percent' as figure, 'denominator' as term from used where is_denominator
    union all
    -- of a share: numerator / denominator / (target / 100)
    select
        * exclude (is_numerator, is_denominator) replace (case unit when 'percent' then 100 else 1 end * contribution as contribution),
        'of_target_percent' as figure, 'numerator' as term
    from used
    where is_numerator
    union all
    select * exclude (is_numerator, is_denominator) replace (target * contribution as contribution), 'of_target_percent' as figure, 'denominator' as term
    from used
    where is_denominator
    union all
    select *, 'target' as figure, 'sum' as term from stated
    union all
    select *, 'of_target_percent' as figure, 'denominator' as term from stated where unit = 'participants'
)
select association, year, period, intervention_id, measure, figure, term, role, contribution, source, path, sheet, row
from figures
