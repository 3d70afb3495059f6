-- One row: one participation that ended, in one figure of results. Every one that went to work or study is in the gender split of every
-- gender, as denominator.
with judged as (
    select
        association, period, intervention_id, gender, source, path, sheet, row,
        ended, work, study, work_or_study, positive_other, occupation_known, work_or_study_after, started_or_increased
    from {{ ref('int_results') }}
    where span = 'period' and is_shown
),
levelled as (
    {{ by_level('judged') }}
),
compared as (
    select levelled.* replace (genders.gender as gender)
    from levelled
    cross join (values ('woman'), ('man'), ('other'), ('total')) as genders (gender)
    where levelled.gender = 'total'
),
figures as (
    select association, period, intervention_id, gender, figure, 'sum' as term, contribution, source, path, sheet, row
    from levelled
    unpivot (
        contribution for figure in (ended, work, study, work_or_study, positive_other, occupation_known, work_or_study_after, started_or_increased)
    )
    union all
    select association, period, intervention_id, gender, 'share_of_ended_percent', 'numerator', work_or_study, source, path, sheet, row
    from levelled
    union all
    select association, period, intervention_id, gender, 'share_of_ended_percent', 'denominator', ended, source, path, sheet, row
    from levelled
    union all
    select association, period, intervention_id, gender, 'work_or_study_all_genders', 'sum', work_or_study, source, path, sheet, row
    from compared
    union all
    select association, period, intervention_id, gender, 'gender_split_percent', 'numerator', work_or_study, source, path, sheet, row
    from levelled
    union all
    select association, period, intervention_id, gender, 'gender_split_percent', 'denominator', work_or_study, source, path, sheet, row
    from compared
)
select association, period, intervention_id, gender, figure, term, 'participation' as role, contribution, source, path, sheet, row
from figures
