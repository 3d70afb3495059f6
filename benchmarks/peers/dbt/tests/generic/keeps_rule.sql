{% test keeps_rule(model, rule, names) %}
select association, source, path, "row", '{{ rule }}' as rule, '{{ names }}' as "column"
from {{ model }}
where list_contains(failed, '{{ rule }}')
{% endtest %}
