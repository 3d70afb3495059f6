-- One row: one participation, typed; what cannot be read is null.
with numbered as (
    select *, row_number() over () as place from {{ source('landing', 'deltagaruppfoljning') }}
),
lists as (
    select
        {{ association_of('filename') }} as association, 'deltagaruppfoljning' as source, {{ path_of('filename') }} as path,
        place, place - min(place) over (partition by filename) + 2 as "row",
        cast(split_part(filename, '/', -2) as date) as delivered_on,
        nullif(trim("Löpnummer"), '') as participant, {{ fold('Insats') }} as intervention_word, {{ fold('"Kön"') }} as gender_word,
        try_cast("Födelseår" as bigint) as birth_year, {{ day_of('Startdatum') }} as start_date,
        Slutdatum is not null as end_given, {{ day_of('Slutdatum') }} as end_date,
        Avslutsorsak is not null as reason_given, {{ fold('Avslutsorsak') }} as reason_word
    from numbered
)
select
    lists.*, names.intervention_id, reasons.code as exit_reason,
    case
        when gender_word in ('kvinna', 'k') then 'woman'
        when gender_word in ('man', 'm') then 'man'
        when gender_word in ('annan köns-id', 'annan') then 'other'
    end as gender
from lists
left join {{ ref('stg_names') }} as names on lists.association = names.association and lists.intervention_word = names.label
left join {{ ref('stg_reasons') }} as reasons on lists.association = reasons.association and lists.reason_word = reasons.label
