{#- What the tests stored, as one file: every failing row with its rule and column. Warnings hold nothing. -#}
{% macro write_quarantine(results) %}
    {%- set tests = results | selectattr('node.resource_type', 'equalto', 'test') | list -%}
    {%- if execute and tests %}
    copy (
        {%- for result in tests if 'warning' not in result.node.tags %}
        select association, source, path, "row", rule, "column" from {{ result.node.relation_name }}
        {{ "union all" if not loop.last }}
        {%- endfor %}
        order by path, "row", rule
    ) to '{{ env_var("PEER_OUT") }}/quarantine.parquet'
    {%- endif %}
{% endmacro %}
