-- A comparison says of each of its two periods what the income statement says.
select compared.association, compared.period, compared.line_id
from {{ ref('economy_period_comparison') }} as compared
inner join {{ ref('income_statement') }} as statement
    on compared.association = statement.association
    and compared.line_id = statement.line_id
    and statement.period in (compared.period, compared.year_before)
where statement.outcome_kr <> case
    when statement.period = compared.period then compared.outcome_kr
    else coalesce(compared.year_before_kr, statement.outcome_kr)
end
