select split_part(filename, '/', -2) as association, * exclude (filename)
from {{ source('config', 'interventions') }}
