{#- numerator / denominator as a whole number, rounded half up (a tie goes away from zero), on whole numbers alone: a
    DECIMAL divided by an integer is a DOUBLE in DuckDB. Null where the denominator is 0. The only rounding of the project. -#}
{% macro half_up(numerator, denominator) -%}
(case when {{ denominator }} = 0 then null when (({{ numerator }}) < 0) = (({{ denominator }}) < 0) then (2 * abs({{ numerator }}) + abs({{ denominator }})) // (2 * abs({{ denominator }})) else -((2 * abs({{ numerator }}) + abs({{ denominator }})) // (2 * abs({{ denominator }}))) end)
{%- endmacro %}
