-- One row: one line of the income statement in one period. Sums are made of öre, each cell is rounded to tkr on its own.
with figures as (
    select
        leaves.association, leaves.valid_from, leaves.line_id, amounts.period,
        sum(leaves.sign * amounts.outcome_ore) as outcome_ore,
        sum(leaves.sign * amounts.budget_ore) as budget_ore,
        sum(leaves.sign * amounts.difference_ore) as difference_ore
    from {{ ref('int_line_leaves') }} as leaves
    inner join {{ ref('int_leaf_amounts') }} as amounts
        on leaves.association = amounts.association
        and leaves.valid_from = amounts.valid_from
        and leaves.leaf_id = amounts.line_id
    group by leaves.association, leaves.valid_from, leaves.line_id, amounts.period
)
select
    lines.association, lines.period, lines.line_order, lines.line_id, lines.label, lines.kind, lines.block,
    {{ kr('figures.outcome_ore') }} as outcome_kr,
    {{ kr('figures.budget_ore') }} as budget_kr,
    {{ kr('figures.difference_ore') }} as difference_kr,
    {{ tkr('figures.outcome_ore') }} as outcome_tkr,
    {{ tkr('figures.budget_ore') }} as budget_tkr,
    {{ tkr('figures.difference_ore') }} as difference_tkr
from {{ ref('int_period_lines') }} as lines
left join figures
    on lines.association = figures.association
    and lines.valid_from = figures.valid_from
    and lines.line_id = figures.line_id
    and lines.period = figures.period
    and lines.kind <> 'section'
