-- One row: what one row of a file adds to one figure of income_statement. A sum holds the rows of the lines under it, with their
-- sign there; a difference holds those of the outcome and, with the sign turned, those of the budget.
with leaves as (
    select
        lines.association, lines.period, lines.line_order, lines.line_id, leaves.leaf_id, leaves.sign, amounts.kind,
        amounts.difference_ore is not null as has_difference
    from {{ ref('int_period_lines') }} as lines
    inner join {{ ref('int_line_leaves') }} as leaves
        on lines.association = leaves.association
        and lines.valid_from = leaves.valid_from
        and lines.line_id = leaves.line_id
    inner join {{ ref('int_leaf_amounts') }} as amounts
        on lines.association = amounts.association
        and lines.valid_from = amounts.valid_from
        and lines.period = amounts.period
        and leaves.leaf_id = amounts.line_id
),
amounts as (
    select association, period, line_id, 'outcome' as role, settled, amount_kr, source, path, sheet, row
    from ({{ outcome_rows(ref('int_period_lines'), ref('int_ledger_lines')) }}) as outcomes
    union all
    select association, period, line_id, 'budget' as role, settled, {{ kr('budget_ore') }} as amount_kr, 'budget' as source, path, sheet, row
    from {{ ref('int_budget_shares') }}
    where table_name = 'income_statement'
    union all
    select association, period, line_id, 'opening' as role, false as settled, amount_kr, source, path, sheet, row
    from ({{ opening_line_rows(ref('int_economy_periods'), ref('int_opening_lines'), ref('stg_opening_rows')) }}) as openings
),
signed as (
    select
        leaves.association, leaves.period, leaves.line_order, leaves.line_id, amounts.role, amounts.settled, leaves.has_difference,
        cast(leaves.sign * amounts.amount_kr as decimal(18, 2)) as amount_kr,
        amounts.source, amounts.path, amounts.sheet, amounts.row
    from leaves
    inner join amounts
        on leaves.association = amounts.association
        and leaves.period = amounts.period
        and leaves.leaf_id = amounts.line_id
        and (leaves.kind = 'memo') = (amounts.role = 'opening')
),
in_kr as (
    select * exclude (amount_kr), case role when 'budget' then 'budget' else 'outcome' end as column_group, amount_kr as contribution
    from signed
    union all
    select * exclude (amount_kr), 'difference' as column_group, case role when 'budget' then -amount_kr else amount_kr end as contribution
    from signed
    where has_difference and not settled
)
select
    association, period, line_order, line_id, column_group || units.suffix as figure, 'sum' as term, role,
    case units.suffix when '_tkr' then contribution * 0.001 else contribution end as contribution, source, path, sheet, row
from in_kr
cross join (values ('_kr'), ('_tkr')) as units (suffix)
