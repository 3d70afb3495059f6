-- One row: one participation in one span of days it overlaps, with its measures (0 or 1) by the intervention's basis of counting.
-- A source "has rows for" an intervention and a span when one of its participations overlaps the span: a file that says nothing
-- about those days must not push aside a source that does. The first such source in counts_from is counted (is_counted); the
-- others only feed the reconciliation.
with placed as (
    select
        participations.*, interventions.count_basis,
        {{ place_among('participations.source', 'associations.counts_from') }} as place
    from {{ ref('stg_participations') }} as participations
    inner join {{ source('register', 'interventions') }} as interventions
        on participations.association = interventions.association
        and participations.intervention_id = interventions.intervention_id
    inner join {{ source('register', 'associations') }} as associations
        on participations.association = associations.association
),
first_places as (
    select windows.association, windows.period, windows.span, placed.intervention_id, min(placed.place) as place
    from {{ ref('int_windows') }} as windows
    inner join placed
        on windows.association = placed.association
        and {{ overlaps('placed.start_date', 'placed.end_date', 'windows.first_day', 'windows.last_day') }}
    where placed.place > 0
    group by windows.association, windows.period, windows.span, placed.intervention_id
),
measured as (
    select
        windows.association, windows.period, windows.span,
        placed.source, placed.path, placed.sheet, placed.row, placed.intervention_id, placed.gender,
        placed.age_group, placed.education, placed.referrer, placed.months_in_public_support,
        placed.income_before, placed.income_after, placed.occupation_before, placed.occupation_after, placed.exit_reason,
        placed.judged_by, placed.count_basis,
        -- first and last day both included
        cast(date_diff('day', placed.start_date, placed.end_date) + 1 as bigint) as days,
        case when {{ is_carried_in('placed.count_basis', 'placed.start_date', 'placed.end_date', 'windows.first_day') }} then 1 else 0 end as carried_in,
        case when {{ is_started('placed.start_date', 'windows.first_day', 'windows.last_day') }} then 1 else 0 end as started,
        case when {{ is_ended('placed.count_basis', 'placed.end_date', 'windows.first_day', 'windows.last_day') }} then 1 else 0 end as ended,
        coalesce(placed.place = first_places.place, false) as is_counted
    from {{ ref('int_windows') }} as windows
    inner join placed
        on windows.association = placed.association
        and {{ overlaps('placed.start_date', 'placed.end_date', 'windows.first_day', 'windows.last_day') }}
    left join first_places
        on windows.association = first_places.association
        and windows.period = first_places.period
        and windows.span = first_places.span
        and placed.intervention_id = first_places.intervention_id
)
select
    association, period, span, source, path, sheet, row, intervention_id, gender,
    age_group, education, referrer, months_in_public_support,
    income_before, income_after, occupation_before, occupation_after, exit_reason, judged_by, days,
    carried_in, started, ended,
    carried_in + started as participants,
    case when count_basis = 'started' then 0 else carried_in + started - ended end as carried_out,
    is_counted
from measured
