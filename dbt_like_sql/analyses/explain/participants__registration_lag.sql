-- One row: one participation in one figure of registration_lag: as a delivery gave it, while no other had replaced it.
with delivery_days as (
    select association, valid_from as delivered_on
    from {{ ref('stg_participation_history') }}
    union
    select association, valid_to as delivered_on
    from {{ ref('stg_participation_history') }}
    where valid_to is not null
),
standing as (
    select
        active.association, active.period, days.delivered_on, active.intervention_id,
        {{ place_among('history.source', 'associations.counts_from') }} as place,
        history.source, history.path, history.sheet, history.row,
        case when {{ is_carried_in('active.count_basis', 'history.start_date', 'history.end_date', 'active.starts_on') }} or {{ is_started('history.start_date', 'active.starts_on', 'active.ends_on') }} then 1 else 0 end as participants,
        case when {{ is_started('history.start_date', 'active.starts_on', 'active.ends_on') }} then 1 else 0 end as started,
        case when {{ is_ended('active.count_basis', 'history.end_date', 'active.starts_on', 'active.ends_on') }} then 1 else 0 end as ended
    from {{ ref('int_active_interventions') }} as active
    inner join delivery_days as days
        on active.association = days.association
    inner join {{ ref('stg_participation_history') }} as history
        on active.association = history.association
        and active.intervention_id = history.intervention_id
        and history.valid_from <= days.delivered_on
        and coalesce(history.valid_to > days.delivered_on, true)
        and {{ overlaps('history.start_date', 'history.end_date', 'active.starts_on', 'active.ends_on') }}
    inner join {{ source('register', 'associations') }} as associations
        on active.association = associations.association
    where active.orientation = 'individual'
),
counted as (
    select *
    from standing
    where place > 0
    qualify place = min(place) over (partition by association, period, delivered_on, intervention_id)
)
select
    association, period, delivered_on, measure, 'value' as figure, 'sum' as term, 'participation' as role,
    contribution, source, path, sheet, row
from counted
unpivot (contribution for measure in (participants, started, ended))
