-- One row: one budget amount in öre, with the sign a report prints. `months` is the length of the amount's own period.
select
    association, path, sheet, row, version,
    cast(decided_on as date) as decided_on,
    cast(delivered_on as date) as delivered_on,
    cast(period_from as date) as period_from,
    cast(period_to as date) as period_to,
    cast(
        12 * (extract(year from period_to) - extract(year from period_from))
        + extract(month from period_to) - extract(month from period_from) + 1 as bigint
    ) as months,
    account, line_id, intervention_id,
    case when object is null then '' else '|6:' || object || '|' end as objects,
    {{ ore('amount') }} as amount_ore
from {{ source('accepted', 'budget') }}
