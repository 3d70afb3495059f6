-- What is judged by exit reasons is the same number in results and in cost_per_participant.
select results.association, results.period, results.intervention_id
from {{ ref('results') }} as results
inner join {{ ref('cost_per_participant') }} as costs
    on results.association = costs.association
    and results.period = costs.period
    and results.intervention_id = costs.intervention_id
where results.gender = 'total' and results.basis = 'exit_reason'
    and (results.work_or_study <> costs.work_or_study or results.ended <> costs.ended)
