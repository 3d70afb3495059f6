{#- The five measures of one participation (first day s, last day e or null) in the days first-last, both included, by the
    intervention's basis of counting. A participation that ends on the first day belongs to the period. -#}
{% macro is_started(s, first, last) -%}
({{ s }} >= {{ first }} and {{ s }} <= {{ last }})
{%- endmacro %}

{% macro is_carried_in(basis, s, e, first) -%}
({{ basis }} = 'interval' and {{ s }} < {{ first }} and coalesce({{ e }} >= {{ first }}, true))
{%- endmacro %}

{% macro is_ended(basis, e, first, last) -%}
({{ basis }} <> 'started' and coalesce({{ e }} >= {{ first }} and {{ e }} <= {{ last }}, false))
{%- endmacro %}

{% macro overlaps(s, e, first, last) -%}
{{ s }} <= {{ last }} and coalesce({{ e }} >= {{ first }}, true)
{%- endmacro %}

{% macro genders() -%}
(values ('woman'), ('man'), ('other'), ('anonymous')) as genders (gender)
{%- endmacro %}

{#- The place of a source among those the association counts from ('a|b'): 0 where it is not among them. -#}
{% macro place_among(source, counts_from) -%}
strpos('|' || {{ counts_from }} || '|', '|' || {{ source }} || '|')
{%- endmacro %}
