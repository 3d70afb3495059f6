-- One row: one account, intervention and line in one month.
with summed as (
    select
        association, cast(date_trunc('month', booked_on) as date) as month, account, object,
        sum(amount) as amount, count(*) as rows
    from {{ ref('judged_ledger') }}
    where len(failed) = 0
    group by all
),
matched as (
    select
        summed.*, objects.intervention_id, line_rules.line_id,
        row_number() over (
            partition by summed.association, summed.month, summed.account, summed.object order by line_rules.priority
        ) as place
    from summed
    left join {{ ref('stg_objects') }} as objects using (association, object)
    left join {{ ref('stg_line_rules') }} as line_rules
        on summed.association = line_rules.association
        and summed.account[1] between '3' and '8'
        and not starts_with(summed.account, '8999')
        and coalesce(left(summed.account, length(line_rules.account_from)) >= line_rules.account_from, true)
        and coalesce(left(summed.account, length(line_rules.account_to)) <= line_rules.account_to, true)
        and coalesce(list_contains(string_split(line_rules.objects, '|'), summed.object), line_rules.objects is null)
        and coalesce(line_rules.orientation = objects.orientation, line_rules.orientation is null)
)
select
    association, month, account, intervention_id, line_id,
    cast(sum(amount) as decimal(18, 2)) as amount_kr, cast(sum(rows) as bigint) as rows
from matched
where place = 1
group by all
