-- One row: one participation (one person in one intervention from start to end), from either participant source.
-- Misregistered rows of SUS are in no count. SUS has its own exit causes: its exits stand under uppgift_saknas, and what they led
-- to is judged by the occupations.
{{ config(materialized='table') }}
with local_rows as (
    select
        association, source, path, sheet, row, intervention_id, gender,
        cast(start_date as date) as start_date,
        cast(end_date as date) as end_date,
        coalesce(age, cast(extract(year from start_date) as bigint) - birth_year) as age,
        age_group as stated_age_group,
        education, referrer,
        cast(null as bigint) as months_in_public_support,
        income_before, income_after, occupation_before, occupation_after,
        exit_reason, 'exit_reason' as judged_by
    from {{ source('accepted', 'deltagaruppfoljning') }}
),
sus_rows as (
    select
        association, source, path, sheet, row, intervention_id, gender,
        cast(start_date as date) as start_date,
        cast(end_date as date) as end_date,
        cast(extract(year from start_date) as bigint) - birth_year as age,
        cast(null as varchar) as stated_age_group,
        education, referrer, months_in_public_support,
        income_before, income_after, occupation_before, occupation_after,
        cast(null as varchar) as exit_reason, 'occupation' as judged_by
    from {{ source('accepted', 'sus_deltagare') }}
    where coalesce(exit_cause, '') <> 'misregistered'
),
participations as (
    select * from local_rows
    union all
    select * from sus_rows
)
select
    association, source, path, sheet, row, intervention_id, gender, start_date, end_date,
    case
        when age between 16 and 19 then '16-19'
        when age between 20 and 29 then '20-29'
        when age between 30 and 39 then '30-39'
        when age between 40 and 49 then '40-49'
        when age between 50 and 59 then '50-59'
        when age >= 60 then '60-'
        when age is null then coalesce(stated_age_group, 'unknown')
        else 'unknown'
    end as age_group,
    case
        when months_in_public_support between 0 and 11 then '0-11'
        when months_in_public_support between 12 and 23 then '12-23'
        when months_in_public_support between 24 and 59 then '24-59'
        when months_in_public_support >= 60 then '60-'
        else 'unknown'
    end as months_in_public_support,
    coalesce(education, 'unknown') as education,
    coalesce(referrer, 'unknown') as referrer,
    coalesce(income_before, 'unknown') as income_before,
    coalesce(income_after, 'unknown') as income_after,
    coalesce(occupation_before, 'unknown') as occupation_before,
    coalesce(occupation_after, 'unknown') as occupation_after,
    coalesce(exit_reason, 'uppgift_saknas') as exit_reason,
    judged_by
from participations
