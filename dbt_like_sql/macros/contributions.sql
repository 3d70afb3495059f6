{#- What the analyses under analyses/explain share: rows of files as they enter the figures of a period. A relation is handed in
    by its ref or source, so that the graph knows who reads it. -#}

{#- One row: one voucher row in one period, in kr with the sign a report prints. -#}
{% macro outcome_rows(period_lines, ledger_lines) -%}
select
    lines.association, lines.period, lines.line_id, lines.block,
    ledger.intervention_id, ledger.orientation, ledger.settled,
    {{ kr("case when lines.block = 'income' then -ledger.amount_ore else ledger.amount_ore end") }} as amount_kr,
    'huvudbok' as source, ledger.path, ledger.sheet, ledger.row
from {{ period_lines }} as lines
inner join {{ ledger_lines }} as ledger
    on lines.association = ledger.association
    and lines.line_id = ledger.line_id
    and ledger.month between lines.starts_on and lines.ends_on
{%- endmacro %}

{#- One row: one opening balance that is part of the opening equity of one year, in kr. The accounts of equity are in it with the
    sign turned; where the balances as a whole do not sum to zero, the prior result is not booked yet and all of them are in it. -#}
{% macro opening_equity_rows(opening_rows) -%}
select
    openings.association, openings.fiscal_year, roles.role,
    {{ kr("case when roles.role = 'opening' then -openings.amount_ore else openings.amount_ore end") }} as amount_kr,
    'huvudbok' as source, openings.path, openings.sheet, openings.row
from (
    select *, sum(amount_ore) over (partition by association, fiscal_year) as unbooked_ore
    from {{ opening_rows }}
) as openings
inner join (values ('opening'), ('unbooked')) as roles (role)
    on (roles.role = 'opening' and openings.account like '20%')
    or (roles.role = 'unbooked' and openings.unbooked_ore <> 0)
{%- endmacro %}

{#- One row: one count of anonymous participants, in every period of its calendar year. -#}
{% macro anonymous_rows(periods, sus_counts) -%}
select
    periods.association, periods.period, counts.intervention_id,
    coalesce(counts.total, coalesce(counts.women, 0) + coalesce(counts.men, 0)) as participants,
    counts.source, counts.path, counts.sheet, counts.row
from {{ periods }} as periods
inner join {{ sus_counts }} as counts
    on periods.association = counts.association
    and counts.year = extract(year from periods.starts_on)
where counts.registration = 'anonymous' and counts.intervention_id is not null
{%- endmacro %}
