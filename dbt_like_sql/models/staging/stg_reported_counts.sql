-- One row: the participants of one intervention in one span of days, as reported to Uppföljning Finsam.
select
    association, source, intervention_id,
    cast(period_from as date) as period_from,
    cast(period_to as date) as period_to,
    cast(sum(women) as bigint) as women,
    cast(sum(men) as bigint) as men,
    cast(sum(other) as bigint) as other,
    cast(sum(total) as bigint) as total
from {{ source('accepted', 'uppfoljning_finsam') }}
where intervention_id is not null
group by association, source, intervention_id, period_from, period_to
