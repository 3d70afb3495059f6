select split_part(filename, '/', -2) as association, cast("order" as bigint) as line_order, line_id, label, kind, block, sum_of
from {{ source('config', 'report_lines') }}
