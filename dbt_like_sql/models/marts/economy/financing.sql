-- One row: the contribution of one member in one period, its share of all contributions and the share agreed on. A member's id is
-- the id of its line.
with contributions as (
    select association, period, line_id, sum(outcome_ore) as outcome_ore
    from {{ ref('int_period_outcomes') }}
    group by association, period, line_id
),
filled as (
    select
        periods.association, periods.period, members.member_id, members.share,
        cast(coalesce(contributions.outcome_ore, 0) as bigint) as outcome_ore
    from {{ ref('int_economy_periods') }} as periods
    inner join {{ source('register', 'members') }} as members
        on periods.association = members.association
    left join contributions
        on periods.association = contributions.association
        and periods.period = contributions.period
        and members.member_id = contributions.line_id
),
totalled as (
    select *, sum(outcome_ore) over (partition by association, period) as total_ore
    from filled
)
select
    association, period, member_id,
    {{ kr('outcome_ore') }} as outcome_kr,
    {{ percent('outcome_ore', 'total_ore') }} as share_percent,
    {{ percent('cast(share * 10000 as bigint)', '10000') }} as agreed_share_percent
from totalled
