{% macro fold(label) -%} lower(trim(regexp_replace({{ label }}, '\s+', ' ', 'g'))) {%- endmacro %}

{% macro day_of(cell) -%}
cast(coalesce(try_strptime({{ cell }}, '%Y-%m-%d'), try_strptime({{ cell }}, '%Y%m%d')) as date)
{%- endmacro %}

{% macro kr_of(cell) -%}
case when regexp_full_match({{ cell }}, '[0-9 ]+(,[0-9]{1,2})?')
    then cast(replace(replace({{ cell }}, ' ', ''), ',', '.') as decimal(18, 2)) end
{%- endmacro %}

{#- HMAC-SHA-256 by hand, for DuckDB has none. -#}
{% macro hmac(id) -%}
sha256('{{ env_var("PEER_OUTER") }}'::blob || unhex(sha256('{{ env_var("PEER_INNER") }}'::blob || encode({{ id }}))))
{%- endmacro %}

{% macro association_of(filename) -%} split_part({{ filename }}, '/', -4) {%- endmacro %}

{#- The path as the workspace's user writes it. -#}
{% macro path_of(filename) -%} substr({{ filename }}, {{ env_var("PEER_HOME") | length + 2 }}) {%- endmacro %}

{#- One list of the rules a row fails, out of pairs of rule and condition. -#}
{% macro failing(conditions) -%}
list_filter([
    {%- for rule, condition in conditions.items() %}
    case when {{ condition }} then '{{ rule }}' end{{ "," if not loop.last }}
    {%- endfor %}
], lambda x: x is not null)
{%- endmacro %}
