-- One row: what one voucher row or opening balance adds to one figure of period_comparison, in the period or in the same a year
-- before. A sum holds the rows of the lines under it, with their sign there.
-- The lines of the period shown are chosen first, and nothing is materialized on the way: all periods hold every voucher row many times.
with shown as not materialized (
    select
        compared.association, compared.period, compared.line_order, compared.line_id, columns.column_group, columns.sign,
        case columns.which when 'now' then compared.period else compared.year_before end as counted_in
    from {{ ref('economy_period_comparison') }} as compared
    cross join (values
        ('outcome', 'now', 1), ('year_before', 'before', 1), ('change', 'now', 1), ('change', 'before', -1)
    ) as columns (column_group, which, sign)
),
parts as not materialized (
    select
        shown.association, shown.period, shown.line_order, shown.line_id, shown.column_group, shown.counted_in,
        leaves.leaf_id, figures.kind, shown.sign * leaves.sign as sign
    from shown
    inner join {{ ref('int_period_lines') }} as lines
        on shown.association = lines.association
        and shown.counted_in = lines.period
        and shown.line_id = lines.line_id
    inner join {{ ref('int_line_leaves') }} as leaves
        on lines.association = leaves.association
        and lines.valid_from = leaves.valid_from
        and lines.line_id = leaves.line_id
    inner join {{ ref('int_leaf_amounts') }} as figures
        on lines.association = figures.association
        and lines.valid_from = figures.valid_from
        and lines.period = figures.period
        and leaves.leaf_id = figures.line_id
),
amounts as not materialized (
    select association, period, line_id, 'outcome' as role, amount_kr, source, path, sheet, row
    from ({{ outcome_rows(ref('int_period_lines'), ref('int_ledger_lines')) }}) as outcomes
    union all
    select association, period, line_id, 'opening' as role, amount_kr, source, path, sheet, row
    from ({{ opening_line_rows(ref('int_economy_periods'), ref('int_opening_lines'), ref('stg_opening_rows')) }}) as openings
),
in_kr as not materialized (
    select
        parts.association, parts.period, parts.line_order, parts.line_id, parts.column_group,
        amounts.role, cast(parts.sign * amounts.amount_kr as decimal(18, 2)) as contribution,
        amounts.source, amounts.path, amounts.sheet, amounts.row
    from parts
    inner join amounts
        on parts.association = amounts.association
        and parts.counted_in = amounts.period
        and parts.leaf_id = amounts.line_id
        and (parts.kind = 'memo') = (amounts.role = 'opening')
)
select
    association, period, line_order, line_id, column_group || units.suffix as figure, 'sum' as term, role,
    case units.suffix when '_tkr' then contribution * 0.001 else contribution end as contribution, source, path, sheet, row
from in_kr
cross join (values ('_kr'), ('_tkr')) as units (suffix)
