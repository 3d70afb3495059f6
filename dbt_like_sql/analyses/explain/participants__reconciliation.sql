-- One row: what one row of a file adds to one figure of reconciliation, on either side.
with reported as (
    select
        compared.association, compared.period, compared.intervention_id, compared.left_source, compared.right_source, compared.gender,
        case compared.gender when 'woman' then counts.women when 'man' then counts.men when 'other' then counts.other else counts.total end as contribution,
        counts.source, counts.path, counts.sheet, counts.row
    from {{ ref('reconciliation') }} as compared
    inner join {{ source('register', 'periods') }} as periods
        on compared.association = periods.association
        and compared.period = periods.period
    inner join {{ source('accepted', 'uppfoljning_finsam') }} as counts
        on compared.association = counts.association
        and compared.intervention_id = counts.intervention_id
        and counts.period_from = periods.starts_on
        and counts.period_to = periods.ends_on
),
local_rows as (
    select
        compared.association, compared.period, compared.intervention_id, compared.left_source, compared.right_source, compared.gender,
        participations.participants as contribution,
        participations.source, participations.path, participations.sheet, participations.row
    from {{ ref('reconciliation') }} as compared
    inner join {{ ref('int_window_participations') }} as participations
        on compared.association = participations.association
        and compared.period = participations.period
        and participations.span = 'period'
        and compared.intervention_id = participations.intervention_id
        and compared.right_source = participations.source
        and (compared.gender = 'total' or compared.gender = participations.gender)
),
sides as (
    select *, 'left_value' as figure, 'reported' as role from reported
    union all
    select *, 'right_value' as figure, 'participation' as role from local_rows
    union all
    select *, 'difference' as figure, 'reported' as role from reported
    union all
    select * replace (-contribution as contribution), 'difference' as figure, 'participation' as role from local_rows
)
select
    association, period, intervention_id, left_source, right_source, gender, figure, 'sum' as term, role,
    contribution, source, path, sheet, row
from sides
