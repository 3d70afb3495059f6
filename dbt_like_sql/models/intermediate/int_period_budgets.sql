-- One row: the budget of one line and intervention in one period, for one printed table. Amounts of one version add up.
select
    association, period, table_name, line_id, block, intervention_id, settled,
    cast(sum(budget_ore) as bigint) as budget_ore
from {{ ref('int_budget_shares') }}
group by association, period, table_name, line_id, block, intervention_id, settled
