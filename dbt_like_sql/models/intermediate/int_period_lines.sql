-- One row: one line of the income statement as it applies to one period: the lines of the latest valid_from not after its end.
with versions as (
    select periods.association, periods.period, periods.starts_on, periods.ends_on, max(lines.valid_from) as valid_from
    from {{ ref('int_economy_periods') }} as periods
    inner join {{ source('register', 'report_lines') }} as lines
        on periods.association = lines.association
        and lines.valid_from <= periods.ends_on
    group by periods.association, periods.period, periods.starts_on, periods.ends_on
)
select
    versions.association, versions.period, versions.starts_on, versions.ends_on, versions.valid_from,
    lines.line_order, lines.line_id, lines.label, lines.kind, lines.block
from versions
inner join {{ source('register', 'report_lines') }} as lines
    on versions.association = lines.association
    and versions.valid_from = lines.valid_from
