-- One row: one rule of one source and how many rows fail it.
select association, source, rule, severity, failed_rows
from {{ source('accepted', 'rule_counts') }}
