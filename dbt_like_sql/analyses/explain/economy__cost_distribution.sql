-- One row: one voucher row in one figure of cost_distribution: a cost, or the numerator or the denominator of a share.
with costs as (
    select association, period, coalesce(orientation, 'office') as category, amount_kr, source, path, sheet, row
    from ({{ outcome_rows(ref('int_period_lines'), ref('int_ledger_lines')) }}) as outcomes
    where block <> 'income' and not settled
)
select association, period, category, 'cost_kr' as figure, 'sum' as term, 'outcome' as role, amount_kr as contribution, source, path, sheet, row
from costs
union all
select association, period, category, 'share_percent' as figure, 'numerator' as term, 'outcome' as role, amount_kr as contribution, source, path, sheet, row
from costs
union all
select
    costs.association, costs.period, categories.category, 'share_percent' as figure, 'denominator' as term, 'outcome' as role,
    costs.amount_kr as contribution, costs.source, costs.path, costs.sheet, costs.row
from costs
cross join (values ('individual'), ('structural'), ('office')) as categories (category)
