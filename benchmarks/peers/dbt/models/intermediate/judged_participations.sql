-- One row: one participation and the rules it fails. Doubles are looked for among rows no other rule holds.
with judged as (
    select *, {{ failing({
        'P001': 'participant is null',
        'P002': 'intervention_id is null',
        'P003': 'gender is null',
        'P004': 'start_date is null',
        'P005': 'end_given and (end_date is null or end_date < start_date)',
        'P006': 'reason_given and not end_given',
        'P008': 'reason_given and exit_reason is null',
        'P010': "start_date > delivered_on or start_date < date '1990-01-01'",
    }) }} as own
    from {{ ref('stg_participations') }}
),
counted as (
    select
        place, row_number() over same as nth, count(*) over same as alike,
        count(*) over (partition by association, intervention_id, participant, start_date) as together
    from judged
    where len(own) = 0
    window same as (
        partition by association, intervention_id, participant, start_date, gender, birth_year, end_date, exit_reason order by place
        rows between unbounded preceding and unbounded following
    )
)
select
    judged.* exclude (own),
    own
    || case when nth > 1 or alike < together then ['P009'] else [] end
    || case when end_date is not null and not reason_given then ['P007'] else [] end as failed
from judged
left join counted using (place)
