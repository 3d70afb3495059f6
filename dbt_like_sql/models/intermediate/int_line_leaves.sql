-- One row: one line that holds amounts of its own (a leaf) under one line of the income statement, and how often it is added
-- (+) or subtracted (-) there. A leaf stands under itself. Sums of sums are followed down to their leaves, so a total never
-- adds rounded figures. The depth is bounded because a sum that holds itself would never end.
with recursive holds as (
    select association, valid_from, line_id, line_id as leaf_id, cast(1 as bigint) as sign, 0 as depth
    from {{ source('register', 'report_lines') }}
    where kind <> 'section'
    union all
    select holds.association, holds.valid_from, holds.line_id, terms.term_line_id as leaf_id, holds.sign * terms.sign as sign, holds.depth + 1 as depth
    from holds
    inner join {{ source('register', 'report_line_terms') }} as terms
        on holds.association = terms.association
        and holds.valid_from = terms.valid_from
        and holds.leaf_id = terms.line_id
    where holds.depth < 20
)
select holds.association, holds.valid_from, holds.line_id, holds.leaf_id, cast(sum(holds.sign) as bigint) as sign
from holds
left join {{ source('register', 'report_line_terms') }} as terms
    on holds.association = terms.association
    and holds.valid_from = terms.valid_from
    and holds.leaf_id = terms.line_id
where terms.line_id is null
group by holds.association, holds.valid_from, holds.line_id, holds.leaf_id
