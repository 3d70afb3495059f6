-- One row: one spelling of one exit reason.
with spelled as (
    select split_part(filename, '/', -3) as association, code,
        unnest([code, label] || string_split(coalesce(aliases, ''), '|')) as label
    from {{ source('config', 'exit_reason') }}
)
select distinct association, code, {{ fold('label') }} as label from spelled where label <> ''
