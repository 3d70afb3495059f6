-- One row: one delivered file, known by its content. Content delivered more than once stands with the delivery that counts.
with placed as (
    select
        association, source, sha256, path, cast(delivered_on as date) as delivered_on, rows, accepted, quarantined, superseded, status,
        row_number() over (
            partition by association, source, sha256
            order by case when status = 'duplicate' then 1 else 0 end, delivered_on desc, path
        ) as place
    from {{ source('accepted', 'deliveries') }}
)
select association, source, sha256, path, delivered_on, rows, accepted, quarantined, superseded, status
from placed
where place = 1
