-- One row: what one row of a file adds to one figure of intervention_budget.
with amounts as (
    select association, period, intervention_id, 'outcome' as role, settled, amount_kr, source, path, sheet, row
    from ({{ outcome_rows(ref('int_period_lines'), ref('int_ledger_lines')) }}) as outcomes
    where block <> 'income'
    union all
    select association, period, intervention_id, 'budget' as role, settled, {{ kr('budget_ore') }} as amount_kr, 'budget' as source, path, sheet, row
    from {{ ref('int_budget_shares') }}
    where table_name = 'intervention_budget' and block <> 'income'
),
figures as (
    select *, role || '_kr' as figure, amount_kr as contribution
    from amounts
    union all
    select *, 'difference_kr' as figure, case role when 'budget' then -amount_kr else amount_kr end as contribution
    from amounts
    where not settled
)
select
    figures.association, figures.period, interventions.orientation, figures.intervention_id, figures.figure, 'sum' as term, figures.role,
    figures.contribution, figures.source, figures.path, figures.sheet, figures.row
from figures
inner join {{ source('register', 'interventions') }} as interventions
    on figures.association = interventions.association
    and figures.intervention_id = interventions.intervention_id
