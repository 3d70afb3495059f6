-- One row: the row of a file behind one figure of key_figures.
select
    association, period, intervention_id, key, 'value' as figure, 'sum' as term, 'stated' as role,
    value as contribution, 'nyckeltal' as source, path, sheet, row
from {{ ref('stg_key_figures') }}
