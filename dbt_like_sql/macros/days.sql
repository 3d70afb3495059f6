{#- The first and the last of all days: no day of a file lies outside them. Infinity is not a day in every engine. -#}
{% macro first_of_all_days() -%}
cast('0001-01-01' as date)
{%- endmacro %}

{% macro last_of_all_days() -%}
cast('9999-12-31' as date)
{%- endmacro %}
