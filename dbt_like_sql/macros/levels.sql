{#- Shares cannot be added up, so marts of shares hold them at every level a report speaks of: each row of a relation stands under its
    own intervention and under all of them together (intervention_id null), under its own gender and under all genders (total). -#}
{% macro by_level(relation) -%}
select
    given.* exclude (intervention_id, gender),
    case when levels.interventions = 'one' then given.intervention_id end as intervention_id,
    case when levels.genders = 'one' then given.gender else 'total' end as gender
from {{ relation }} as given
cross join (values ('one', 'one'), ('one', 'all'), ('all', 'one'), ('all', 'all')) as levels (interventions, genders)
{%- endmacro %}

{#- The time classes of a participation that has ended, in days. -#}
{% macro days_class(days) -%}
case when {{ days }} <= 90 then '1-90' when {{ days }} <= 180 then '91-180' when {{ days }} <= 365 then '181-365' when {{ days }} <= 730 then '366-730' else '731-' end
{%- endmacro %}

{% macro days_classes() -%}
(values (1, '1-90'), (2, '91-180'), (3, '181-365'), (4, '366-730'), (5, '731-')) as classes (class_order, days_class)
{%- endmacro %}

{#- An account bound of n digits is compared with the account's first n digits; an empty bound matches anything. -#}
{% macro within_accounts(account, account_from, account_to) -%}
coalesce(left({{ account }}, length({{ account_from }})) >= {{ account_from }}, true)
    and coalesce(left({{ account }}, length({{ account_to }})) <= {{ account_to }}, true)
{%- endmacro %}
