-- One row: the anonymous participants of one intervention in one period: SUS counts them for the whole calendar year, so every
-- period of that year shows the year's count.
select periods.association, periods.period, counts.intervention_id, counts.total as participants
from {{ source('register', 'periods') }} as periods
inner join {{ ref('stg_sus_counts') }} as counts
    on periods.association = counts.association
    and counts.year = extract(year from periods.starts_on)
where counts.registration = 'anonymous'
