-- One row: one counted participation that ended in one span of days: how long it lasted and what it led to (0 or 1). The local
-- follow-up is judged by the status and the group of its exit reason. SUS says nothing of the kind about an exit: it is judged by
-- the occupations at start and at end, as work or study that was started, or that increased where both extents are known.
-- is_shown: of an individual intervention that is active in the period.
with exit_codes as (
    select association, code, status, "group"
    from {{ source('register', 'codes') }}
    where list = 'exit_reason'
),
occupations as (
    select association, code, status, extent_percent
    from {{ source('register', 'codes') }}
    where list = 'occupation'
),
described as (
    select
        ended.association, ended.period, ended.span, ended.source, ended.path, ended.sheet, ended.row,
        ended.intervention_id, ended.gender, ended.judged_by, ended.days, ended.ended,
        ended.occupation_before, ended.occupation_after, ended.income_before, ended.income_after,
        coalesce(before.status, 'unknown') as status_before,
        coalesce(after.status, 'unknown') as status_after,
        coalesce(after.extent_percent > before.extent_percent, false) as is_increased,
        exit_codes.status as exit_status,
        coalesce(exit_codes."group" in ('closer_to_work', 'positive_other'), false) as is_positive_other,
        coalesce(active.orientation = 'individual', false) as is_shown
    from {{ ref('int_window_participations') }} as ended
    left join {{ ref('int_active_interventions') }} as active
        on ended.association = active.association
        and ended.period = active.period
        and ended.intervention_id = active.intervention_id
    left join exit_codes
        on ended.association = exit_codes.association
        and ended.exit_reason = exit_codes.code
    left join occupations as before
        on ended.association = before.association
        and ended.occupation_before = before.code
    left join occupations as after
        on ended.association = after.association
        and ended.occupation_after = after.code
    where ended.is_counted and ended.ended > 0
),
compared as (
    select
        *,
        status_after in ('work', 'study', 'work_or_study') as is_after,
        case
            when status_before = 'unknown' or status_after not in ('work', 'study', 'work_or_study') then false
            when status_before = status_after then is_increased
            -- a mixed status says only that it is one of the two
            when status_after = 'work_or_study' then status_before not in ('work', 'study')
            else status_before <> 'work_or_study'
        end as is_started_or_increased
    from described
),
judged as (
    select
        *,
        case
            when judged_by = 'exit_reason' then exit_status
            when is_started_or_increased then status_after
        end as result
    from compared
)
select
    association, period, span, source, path, sheet, row, intervention_id, gender, judged_by, is_shown,
    occupation_before, occupation_after, status_before, status_after, income_before, income_after,
    days, {{ days_class('days') }} as days_class,
    ended,
    case when result = 'work' then 1 else 0 end as work,
    case when result = 'study' then 1 else 0 end as study,
    case when result in ('work', 'study', 'work_or_study') then 1 else 0 end as work_or_study,
    case when judged_by = 'exit_reason' and is_positive_other then 1 else 0 end as positive_other,
    case when status_before <> 'unknown' and status_after <> 'unknown' then 1 else 0 end as occupation_known,
    case when is_after then 1 else 0 end as work_or_study_after,
    case when is_started_or_increased then 1 else 0 end as started_or_increased
from judged
