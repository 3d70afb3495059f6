-- One row: one exit reason of one intervention, period and gender; without one where nobody was counted.
with measured as (
    select
        spans.association, period, intervention_id, gender, exit_reason,
        cast(basis = 'interval' and start_date < starts_on as int) as carried_in,
        cast(start_date >= starts_on as int) as started,
        cast(basis <> 'started' and coalesce(end_date <= ends_on, false) as int) as ended,
        basis
    from {{ ref('spans') }} as spans
    inner join {{ ref('participations') }} using (association, intervention_id)
    where start_date <= ends_on and coalesce(end_date >= starts_on, true)
),
summed as (
    select
        association, period, intervention_id, gender, exit_reason, sum(carried_in) as carried_in, sum(started) as started,
        sum(ended) as ended, sum(case when basis = 'started' then 0 else carried_in + started - ended end) as carried_out
    from measured
    group by all
),
grid as (
    select association, period, intervention_id, unnest(['woman', 'man', 'other', 'anonymous']) as gender from {{ ref('spans') }}
)
select * from grid left join summed using (association, period, intervention_id, gender)
