-- One row: one measure of one period as it stood after one day of delivery, over the individual interventions active in the
-- period and without anonymous participants. Days before the period begins say nothing about it.
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
        sum(case when {{ is_carried_in('active.count_basis', 'history.start_date', 'history.end_date', 'active.starts_on') }} or {{ is_started('history.start_date', 'active.starts_on', 'active.ends_on') }} then 1 else 0 end) as participants,
        sum(case when {{ is_started('history.start_date', 'active.starts_on', 'active.ends_on') }} then 1 else 0 end) as started,
        sum(case when {{ is_ended('active.count_basis', 'history.end_date', 'active.starts_on', 'active.ends_on') }} then 1 else 0 end) as ended
    from {{ ref('int_active_interventions') }} as active
    inner join delivery_days as days
        on active.association = days.association
        and active.starts_on <= days.delivered_on
    inner join {{ ref('stg_participation_history') }} as history
        on active.association = history.association
        and active.intervention_id = history.intervention_id
        and history.valid_from <= days.delivered_on
        and coalesce(history.valid_to > days.delivered_on, true)
        and {{ overlaps('history.start_date', 'history.end_date', 'active.starts_on', 'active.ends_on') }}
    inner join {{ source('register', 'associations') }} as associations
        on active.association = associations.association
    where active.orientation = 'individual'
    group by active.association, active.period, days.delivered_on, active.intervention_id, history.source, associations.counts_from
),
counted as (
    select association, period, delivered_on, participants, started, ended
    from (
        select
            *,
            row_number() over (partition by association, period, delivered_on, intervention_id order by place) as preference
        from standing
        where place > 0
    ) as preferred
    where preference = 1
),
totals as (
    select
        periods.association, periods.period, days.delivered_on,
        sum(coalesce(counted.participants, 0)) as participants,
        sum(coalesce(counted.started, 0)) as started,
        sum(coalesce(counted.ended, 0)) as ended
    from {{ source('register', 'periods') }} as periods
    inner join delivery_days as days
        on periods.association = days.association
        and periods.starts_on <= days.delivered_on
    left join counted
        on periods.association = counted.association
        and periods.period = counted.period
        and days.delivered_on = counted.delivered_on
    group by periods.association, periods.period, days.delivered_on
)
select association, period, delivered_on, 'participants' as measure, cast(participants as bigint) as value from totals
union all
select association, period, delivered_on, 'started' as measure, cast(started as bigint) as value from totals
union all
select association, period, delivered_on, 'ended' as measure, cast(ended as bigint) as value from totals
