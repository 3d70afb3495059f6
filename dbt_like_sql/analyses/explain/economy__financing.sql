-- One row: one voucher row in one figure of financing, or the agreed share as the configuration states it.
with contributions as (
    select outcomes.association, outcomes.period, members.member_id, outcomes.amount_kr, outcomes.source, outcomes.path, outcomes.sheet, outcomes.row
    from ({{ outcome_rows(ref('int_period_lines'), ref('int_ledger_lines')) }}) as outcomes
    inner join {{ source('register', 'members') }} as members
        on outcomes.association = members.association
        and outcomes.line_id = members.member_id
)
select association, period, member_id, 'outcome_kr' as figure, 'sum' as term, 'outcome' as role, amount_kr as contribution, source, path, sheet, row
from contributions
union all
select association, period, member_id, 'share_percent' as figure, 'numerator' as term, 'outcome' as role, amount_kr as contribution, source, path, sheet, row
from contributions
union all
select
    contributions.association, contributions.period, members.member_id, 'share_percent' as figure, 'denominator' as term, 'outcome' as role,
    contributions.amount_kr as contribution, contributions.source, contributions.path, contributions.sheet, contributions.row
from contributions
inner join {{ source('register', 'members') }} as members
    on contributions.association = members.association
union all
select
    periods.association, periods.period, members.member_id, 'agreed_share_percent' as figure, 'sum' as term, 'agreed' as role,
    members.share * 100 as contribution, 'config' as source, 'config/' || members.association || '/association.yaml' as path,
    cast(null as varchar) as sheet, cast(null as bigint) as row
from {{ ref('int_economy_periods') }} as periods
inner join {{ source('register', 'members') }} as members
    on periods.association = members.association
