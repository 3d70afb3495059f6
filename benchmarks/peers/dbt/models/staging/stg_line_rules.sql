select split_part(filename, '/', -2) as association, * exclude (filename) replace (cast(priority as int) as priority)
from {{ source('config', 'line_rules') }}
