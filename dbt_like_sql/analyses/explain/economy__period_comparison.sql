-- One row: what one voucher row or opening balance adds to one figure of period_comparison, in the period or in the same a year
-- before. A sum holds the rows of the lines under it, with their sign there.
with amounts as (
    select association, period, line_id, 'outcome' as role, amount_kr, source, path, sheet, row
    from ({{ outcome_rows(ref('int_period_lines'), ref('int_ledger_lines')) }}) as outcomes
    union all
    select association, period, line_id, 'opening' as role, amount_kr, source, path, sheet, row
    from ({{ opening_line_rows(ref('int_economy_periods'), ref('int_opening_lines'), ref('stg_opening_rows')) }}) as openings
),
signed as (
    select
        lines.association, lines.period, lines.line_id, amounts.role,
        cast(leaves.sign * amounts.amount_kr as decimal(18, 2)) as amount_kr,
        amounts.source, amounts.path, amounts.sheet, amounts.row
    from {{ ref('int_period_lines') }} as lines
    inner join {{ ref('int_line_leaves') }} as leaves
        on lines.association = leaves.association
        and lines.valid_from = leaves.valid_from
        and lines.line_id = leaves.line_id
    inner join {{ ref('int_leaf_amounts') }} as figures
        on lines.association = figures.association
        and lines.valid_from = figures.valid_from
        and lines.period = figures.period
        and leaves.leaf_id = figures.line_id
    inner join amounts
        on lines.association = amounts.association
        and lines.period = amounts.period
        and leaves.leaf_id = amounts.line_id
        and (figures.kind = 'memo') = (amounts.role = 'opening')
),
in_kr as (
    select
        compared.association, compared.period, compared.line_order, compared.line_id, columns.column_group,
        signed.role, columns.sign * signed.amount_kr as contribution, signed.source, signed.path, signed.sheet, signed.row
    from {{ ref('economy_period_comparison') }} as compared
    cross join (values
        ('outcome', 'now', 1), ('year_before', 'before', 1), ('change', 'now', 1), ('change', 'before', -1)
    ) as columns (column_group, which, sign)
    inner join signed
        on compared.association = signed.association
        and compared.line_id = signed.line_id
        and signed.period = case columns.which when 'now' then compared.period else compared.year_before end
)
select
    association, period, line_order, line_id, column_group || units.suffix as figure, 'sum' as term, role,
    case units.suffix when '_tkr' then contribution * 0.001 else contribution end as contribution, source, path, sheet, row
from in_kr
cross join (values ('_kr'), ('_tkr')) as units (suffix)
