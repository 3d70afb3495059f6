-- One row: one measure of one period as it stood after one day of delivery, over the individual interventions active in the
-- period and without anonymous participants. Days before the period begins say nothing about it.
-- A participation counts from the day it came until the day it was replaced, so it is put in once and taken out once, and what stood
-- on a day is the sum of all that came before: the work grows with the rows, not with rows times days. A participation is brought
-- together with the periods of the years it touches, not with all periods there are.
with delivery_days as (
    select association, valid_from as delivered_on
    from {{ ref('stg_participation_history') }}
    union
    select association, valid_to as delivered_on
    from {{ ref('stg_participation_history') }}
    where valid_to is not null
),
-- A series is one intervention in one period; its number stands for four columns in everything that is sorted and grouped.
series as (
    select
        row_number() over (order by association, period, intervention_id) as series,
        association, period, intervention_id, count_basis, starts_on, ends_on, extract(year from starts_on) as year
    from {{ ref('int_active_interventions') }}
    where orientation = 'individual'
),
years as (
    select distinct association, year
    from series
),
history as (
    select
        given.association, given.intervention_id, given.start_date, given.end_date, given.valid_from, given.valid_to, years.year,
        {{ place_among('given.source', 'associations.counts_from') }} as place
    from {{ ref('stg_participation_history') }} as given
    inner join {{ source('register', 'associations') }} as associations
        on given.association = associations.association
    inner join years
        on given.association = years.association
        and extract(year from given.start_date) <= years.year
        and coalesce(extract(year from given.end_date) >= years.year, true)
),
measured as (
    select
        series.series, history.place, history.valid_from, history.valid_to,
        count(*) as rows,
        sum(case when {{ is_carried_in('series.count_basis', 'history.start_date', 'history.end_date', 'series.starts_on') }} or {{ is_started('history.start_date', 'series.starts_on', 'series.ends_on') }} then 1 else 0 end) as participants,
        sum(case when {{ is_started('history.start_date', 'series.starts_on', 'series.ends_on') }} then 1 else 0 end) as started,
        sum(case when {{ is_ended('series.count_basis', 'history.end_date', 'series.starts_on', 'series.ends_on') }} then 1 else 0 end) as ended
    from series
    inner join history
        on series.association = history.association
        and series.intervention_id = history.intervention_id
        and series.year = history.year
        and {{ overlaps('history.start_date', 'history.end_date', 'series.starts_on', 'series.ends_on') }}
    where history.place > 0
    group by series.series, history.place, history.valid_from, history.valid_to
),
turns as (
    select series, place, valid_from as day, rows, participants, started, ended
    from measured
    union all
    select series, place, valid_to as day, -rows, -participants, -started, -ended
    from measured
    where valid_to is not null
),
changes as (
    select series, place, day, sum(rows) as rows, sum(participants) as participants, sum(started) as started, sum(ended) as ended
    from turns
    group by series, place, day
),
-- Every source of a series on every day on which one of them changes: which one counts may change with another's rows.
days_of_change as (
    select places.series, places.place, days.day
    from (select distinct series, place from changes) as places
    inner join (select distinct series, day from changes) as days
        on places.series = days.series
),
-- One running sum over all series, less what it was before each began: a window of its own for each of many small series takes longer.
running as (
    select
        days.series, days.place, days.day,
        coalesce(changes.rows, 0) as rows,
        coalesce(changes.participants, 0) as participants,
        coalesce(changes.started, 0) as started,
        coalesce(changes.ended, 0) as ended,
        coalesce(sum(changes.rows) over so_far, 0) as rows_so_far,
        coalesce(sum(changes.participants) over so_far, 0) as participants_so_far,
        coalesce(sum(changes.started) over so_far, 0) as started_so_far,
        coalesce(sum(changes.ended) over so_far, 0) as ended_so_far
    from days_of_change as days
    left join changes
        on days.series = changes.series
        and days.place = changes.place
        and days.day = changes.day
    window so_far as (order by days.series, days.place, days.day rows unbounded preceding)
),
beginnings as (
    select
        series, place,
        arg_min(rows_so_far - rows, day) as rows,
        arg_min(participants_so_far - participants, day) as participants,
        arg_min(started_so_far - started, day) as started,
        arg_min(ended_so_far - ended, day) as ended
    from running
    group by series, place
),
standing as (
    select
        running.series, running.place, running.day,
        running.rows_so_far > beginnings.rows as has_rows,
        running.participants_so_far - beginnings.participants as participants,
        running.started_so_far - beginnings.started as started,
        running.ended_so_far - beginnings.ended as ended
    from running
    inner join beginnings
        on running.series = beginnings.series
        and running.place = beginnings.place
),
-- The first source that has rows is counted; where none is left nobody is.
counted as (
    select
        series, day,
        coalesce(arg_min(participants, place) filter (where has_rows), 0) as participants,
        coalesce(arg_min(started, place) filter (where has_rows), 0) as started,
        coalesce(arg_min(ended, place) filter (where has_rows), 0) as ended
    from standing
    group by series, day
),
steps as (
    select
        series, day, participants, started, ended,
        coalesce(lag(series) over by_day = series, false) as goes_on,
        lag(participants) over by_day as participants_before,
        lag(started) over by_day as started_before,
        lag(ended) over by_day as ended_before
    from counted
    window by_day as (order by series, day)
),
daily as (
    select
        series.association, series.period, steps.day,
        sum(steps.participants - case when steps.goes_on then steps.participants_before else 0 end) as participants,
        sum(steps.started - case when steps.goes_on then steps.started_before else 0 end) as started,
        sum(steps.ended - case when steps.goes_on then steps.ended_before else 0 end) as ended
    from steps
    inner join series
        on steps.series = series.series
    group by series.association, series.period, steps.day
),
totals as (
    select
        periods.association, periods.period, periods.starts_on, days.delivered_on,
        coalesce(sum(daily.participants) over so_far, 0) as participants,
        coalesce(sum(daily.started) over so_far, 0) as started,
        coalesce(sum(daily.ended) over so_far, 0) as ended
    from {{ source('register', 'periods') }} as periods
    inner join delivery_days as days
        on periods.association = days.association
    left join daily
        on periods.association = daily.association
        and periods.period = daily.period
        and days.delivered_on = daily.day
    window so_far as (partition by periods.association, periods.period order by days.delivered_on)
),
spoken_of as (
    select association, period, delivered_on, participants, started, ended
    from totals
    where starts_on <= delivered_on
)
select association, period, delivered_on, 'participants' as measure, cast(participants as bigint) as value from spoken_of
union all
select association, period, delivered_on, 'started' as measure, cast(started as bigint) as value from spoken_of
union all
select association, period, delivered_on, 'ended' as measure, cast(ended as bigint) as value from spoken_of
