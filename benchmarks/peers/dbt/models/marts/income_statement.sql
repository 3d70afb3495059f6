with recursive terms as (
    select association, line_id, ltrim(term, '-') as part, case when starts_with(term, '-') then -1 else 1 end as sign
    from (
        select association, line_id, unnest(string_split(sum_of, '|')) as term
        from {{ ref('stg_report_lines') }} where sum_of is not null
    )
),
holds as (
    select association, line_id, line_id as leaf, 1 as sign from {{ ref('stg_report_lines') }} where kind <> 'section'
    union all
    select holds.association, holds.line_id, terms.part, holds.sign * terms.sign
    from holds inner join terms on holds.association = terms.association and holds.leaf = terms.line_id
),
lines as (
    select periods.association, period, starts_on, ends_on, line_order, line_id, label, kind, block
    from {{ ref('periods') }} as periods
    inner join {{ ref('stg_report_lines') }} using (association)
    semi join (select distinct association, year(month) as year from {{ ref('months') }}) as booked
        on periods.association = booked.association and year(periods.starts_on) = booked.year
),
outcomes as (
    select lines.association, period, line_id, sum(case when block = 'income' then -amount_kr else amount_kr end) as outcome
    from lines
    inner join {{ ref('months') }} using (association, line_id)
    where month between starts_on and ends_on
    group by all
),
figures as (
    select lines.association, lines.period, lines.line_id, sum(holds.sign * coalesce(outcome, 0)) as outcome
    from lines
    inner join holds using (association, line_id)
    left join outcomes
        on lines.association = outcomes.association and lines.period = outcomes.period and holds.leaf = outcomes.line_id
    group by all
)
select
    association, period, line_order, line_id, label, kind, block, cast(outcome as decimal(18, 2)) as outcome_kr,
    cast(sign(outcome) * ((cast(abs(outcome * 100) as bigint) * 2 + 100000) // 200000) as bigint) as outcome_tkr
from lines
left join figures using (association, period, line_id)
order by all
