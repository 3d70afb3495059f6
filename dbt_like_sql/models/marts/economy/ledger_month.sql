-- One row: one account, intervention and line in one month, with the ledger's sign. Balance accounts have no line.
select
    association,
    cast(extract(year from months.month) as varchar) || '-' || lpad(cast(extract(month from months.month) as varchar), 2, '0') as month,
    account, intervention_id, line_id,
    {{ kr('sum(amount_ore)') }} as amount_kr,
    cast(sum(rows) as bigint) as rows
from {{ ref('int_ledger_months') }} as months
group by association, months.month, account, intervention_id, line_id
