-- One row: what one row of a file adds to one figure of background_shares. A participant is under one value of a dimension, and in the
-- denominators of all of them.
with counted as (
    select *
    from ({{ counted_rows(ref('int_active_interventions'), ref('int_window_participations'), anonymous_rows(source('register', 'periods'), source('accepted', 'sus_insatser'))) }}) as counted
    unpivot (own_value for dimension in (age_group, education, referrer, months_in_public_support))
),
levelled as (
    {{ by_level('counted') }}
),
compared as (
    select levelled.*, dimension_values.value
    from levelled
    inner join {{ ref('int_background_values') }} as dimension_values
        on levelled.association = dimension_values.association
        and levelled.dimension = dimension_values.dimension
),
figures as (
    select *, 'participants' as figure, 'sum' as term from compared where value = own_value
    union all
    select *, 'of_participants' as figure, 'sum' as term from compared
    union all
    select *, 'of_known' as figure, 'sum' as term from compared where own_value <> 'unknown'
    union all
    select *, 'share_percent' as figure, 'numerator' as term from compared where value = own_value
    union all
    select *, 'share_percent' as figure, 'denominator' as term from compared
    union all
    select *, 'share_of_known_percent' as figure, 'numerator' as term from compared where value = own_value
    union all
    select *, 'share_of_known_percent' as figure, 'denominator' as term from compared where own_value <> 'unknown'
)
select
    association, period, intervention_id, gender, dimension, value, figure, term, role,
    participants as contribution, source, path, sheet, row
from figures
