-- One row: the source an individual intervention is counted from in one period.
{{ config(materialized='view') }}
select distinct association, period, intervention_id, source
from {{ ref('int_window_participations') }}
where span = 'period' and is_counted
