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

{#- One row: one row of a file as it is counted in one active individual intervention and period, anonymous counts among them. -#}
{% macro counted_rows(active, participations, anonymous_rows) -%}
select
    active.association, active.period, active.intervention_id, counted.gender, counted.role,
    counted.source, counted.path, counted.sheet, counted.row,
    counted.age_group, counted.education, counted.referrer, counted.months_in_public_support,
    counted.participants, counted.started, counted.ended
from {{ active }} as active
inner join (
    select
        association, period, intervention_id, gender, 'participation' as role, source, path, sheet, row,
        age_group, education, referrer, months_in_public_support, participants, started, ended
    from {{ participations }}
    where span = 'period' and is_counted
    union all
    select
        association, period, intervention_id, 'anonymous' as gender, 'anonymous' as role, source, path, sheet, row,
        'unknown' as age_group, 'unknown' as education, 'unknown' as referrer, 'unknown' as months_in_public_support,
        participants, 0 as started, 0 as ended
    from ({{ anonymous_rows }}) as anonymous
) as counted
    on active.association = counted.association
    and active.period = counted.period
    and active.intervention_id = counted.intervention_id
where active.orientation = 'individual'
{%- endmacro %}

{#- One row: one opening balance on one line of one period, in kr as a memo line shows it: with the sign turned. -#}
{% macro opening_line_rows(economy_periods, opening_lines, opening_rows) -%}
select
    periods.association, periods.period, balances.line_id, {{ kr('-openings.amount_ore') }} as amount_kr,
    'huvudbok' as source, openings.path, openings.sheet, openings.row
from {{ economy_periods }} as periods
inner join {{ opening_lines }} as balances
    on periods.association = balances.association
    and periods.year = balances.fiscal_year
inner join {{ opening_rows }} as openings
    on balances.association = openings.association
    and balances.fiscal_year = openings.fiscal_year
    and balances.account = openings.account
{%- endmacro %}
