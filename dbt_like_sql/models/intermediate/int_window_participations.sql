-- One row: one participation in one span of days it overlaps, with its measures (0 or 1) by the intervention's basis of counting.
-- A source "has rows for" an intervention and a span when one of its participations overlaps the span: a file that says nothing
-- about those days must not push aside a source that does. The first such source in counts_from is counted (is_counted); the
-- others only feed the reconciliation.
with overlapping as (
    select
        windows.association, windows.period, windows.span,
        participations.source, participations.path, participations.sheet, participations.row,
        participations.intervention_id, participations.gender,
        participations.age_group, participations.education, participations.referrer, participations.months_in_public_support,
        participations.income_before, participations.income_after,
        participations.occupation_before, participations.occupation_after, participations.exit_reason,
        interventions.count_basis,
        {{ place_among('participations.source', 'associations.counts_from') }} as place,
        case when {{ is_carried_in('interventions.count_basis', 'participations.start_date', 'participations.end_date', 'windows.first_day') }} then 1 else 0 end as carried_in,
        case when {{ is_started('participations.start_date', 'windows.first_day', 'windows.last_day') }} then 1 else 0 end as started,
        case when {{ is_ended('interventions.count_basis', 'participations.end_date', 'windows.first_day', 'windows.last_day') }} then 1 else 0 end as ended
    from {{ ref('int_windows') }} as windows
    inner join {{ ref('stg_participations') }} as participations
        on windows.association = participations.association
        and {{ overlaps('participations.start_date', 'participations.end_date', 'windows.first_day', 'windows.last_day') }}
    inner join {{ source('register', 'interventions') }} as interventions
        on participations.association = interventions.association
        and participations.intervention_id = interventions.intervention_id
    inner join {{ source('register', 'associations') }} as associations
        on windows.association = associations.association
),
first_places as (
    select association, period, span, intervention_id, min(place) as place
    from overlapping
    where place > 0
    group by association, period, span, intervention_id
)
select
    overlapping.* exclude (place, count_basis),
    overlapping.carried_in + overlapping.started as participants,
    case when overlapping.count_basis = 'started' then 0 else overlapping.carried_in + overlapping.started - overlapping.ended end as carried_out,
    coalesce(overlapping.place = first_places.place, false) as is_counted
from overlapping
left join first_places
    on overlapping.association = first_places.association
    and overlapping.period = first_places.period
    and overlapping.span = first_places.span
    and overlapping.intervention_id = first_places.intervention_id
