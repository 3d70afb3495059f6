-- One row: the row of a file behind one figure of programme_fidelity.
select association, date, intervention_id, figure, 'sum' as term, 'stated' as role, contribution, 'programtrohet' as source, path, sheet, row
from {{ ref('stg_fidelity') }}
unpivot (contribution for figure in (points, max_points, threshold, active_share))
