-- One row: the intervention that rows with these objects belong to. Where objects of several interventions stand on one row the
-- project (dimension 6) decides before other dimensions, then the register's order.
with combinations as (
    select association, objects from {{ ref('stg_ledger') }}
    union
    select association, objects from {{ ref('stg_budget') }}
),
hits as (
    select
        combinations.association, combinations.objects,
        interventions.intervention_id, interventions.orientation, interventions.settled,
        row_number() over (
            partition by combinations.association, combinations.objects
            order by
                case when carried.object like '6:%' then 0 else 1 end,
                interventions.sort_order, interventions.intervention_id, carried.object
        ) as place
    from combinations
    inner join {{ source('register', 'intervention_objects') }} as carried
        on combinations.association = carried.association
        and contains(combinations.objects, '|' || carried.object || '|')
    inner join {{ source('register', 'interventions') }} as interventions
        on carried.association = interventions.association
        and carried.intervention_id = interventions.intervention_id
)
select association, objects, intervention_id, orientation, settled
from hits
where place = 1
