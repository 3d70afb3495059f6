-- One row: what one row of a file adds to one figure of background.
with counted as (
    select
        association, period, intervention_id, gender, 'participation' as role, source, path, sheet, row,
        age_group, education, referrer, months_in_public_support, participants, started
    from {{ ref('int_window_participations') }}
    where span = 'period' and is_counted
    union all
    select
        association, period, intervention_id, 'anonymous' as gender, 'anonymous' as role, source, path, sheet, row,
        'unknown' as age_group, 'unknown' as education, 'unknown' as referrer, 'unknown' as months_in_public_support,
        participants, 0 as started
    from ({{ anonymous_rows(source('register', 'periods'), source('accepted', 'sus_insatser')) }}) as anonymous
),
by_dimension as (
    select *
    from counted
    unpivot (value for dimension in (age_group, education, referrer, months_in_public_support))
)
select
    association, period, intervention_id, gender, dimension, value, figure, 'sum' as term, role,
    contribution, source, path, sheet, row
from by_dimension
unpivot (contribution for figure in (participants, started))
