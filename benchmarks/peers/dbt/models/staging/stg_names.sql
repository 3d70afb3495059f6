-- One row: one spelling of one intervention.
select distinct association, intervention_id, {{ fold('label') }} as label
from (
    select association, intervention_id,
        unnest([intervention_id, name, short_name] || string_split(coalesce(aliases, ''), '|')) as label
    from {{ ref('stg_interventions') }}
)
where label <> ''
