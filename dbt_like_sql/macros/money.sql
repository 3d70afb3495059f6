{#- Money is whole öre between staging and mart. -#}
{% macro ore(amount_kr) -%}
cast(({{ amount_kr }}) * 100 as bigint)
{%- endmacro %}

{% macro kr(ore) -%}
cast(cast(({{ ore }}) as decimal(18, 0)) * 0.01 as decimal(18, 2))
{%- endmacro %}

{% macro tkr(ore) -%}
cast({{ half_up(ore, 100000) }} as bigint)
{%- endmacro %}

{#- A share in percent with one decimal; null where it would have more than seven digits, of a whole that is next to nothing. -#}
{% macro percent(part, whole) -%}
cast(try_cast({{ half_up('1000 * (' ~ part ~ ')', whole) }} as decimal(8, 0)) * 0.1 as decimal(9, 1))
{%- endmacro %}
