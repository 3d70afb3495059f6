-- The parts of a result hold together at every level, and each level is the sum of the one below it.
with levels as (
    select
        association, period,
        sum(case when intervention_id is not null and gender <> 'total' then ended else 0 end) as ended_below,
        sum(case when intervention_id is not null and gender <> 'total' then work_or_study else 0 end) as work_or_study_below,
        sum(case when intervention_id is null and gender = 'total' then ended else 0 end) as ended,
        sum(case when intervention_id is null and gender = 'total' then work_or_study else 0 end) as work_or_study
    from {{ ref('results') }}
    group by association, period
)
select association, period
from {{ ref('results') }}
where work + study > work_or_study
    or work_or_study + positive_other > ended
    or work_or_study > work_or_study_all_genders
    or started_or_increased > work_or_study_after
    or started_or_increased > occupation_known
    or work_or_study_after > ended
union all
select association, period
from levels
where ended <> ended_below or work_or_study <> work_or_study_below
