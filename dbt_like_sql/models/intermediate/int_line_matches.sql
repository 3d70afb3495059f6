-- One row: the line that amounts on one account with these objects land on in one span of days: the first matching priority of
-- the line rules. An empty cell of a rule matches anything; a bound of n digits is compared with the account's first n digits; a
-- row without an intervention counts as not settled. What nothing matches has no row. Spans rather than days: a ledger has nearly
-- as many days and accounts as rows, but rules change seldom.
with postings as (
    select association, account, objects
    from {{ ref('stg_ledger') }}
    where is_result_account
    union
    select association, account, objects
    from {{ ref('stg_budget') }}
    where line_id is null
    union
    select association, account, '' as objects
    from {{ ref('stg_opening_balances') }}
),
rule_hits as (
    select distinct postings.association, postings.objects, rule_objects.rule_no
    from postings
    inner join {{ source('register', 'line_rule_objects') }} as rule_objects
        on postings.association = rule_objects.association
        and contains(postings.objects, '|' || rule_objects.object || '|')
),
naming_rules as (
    select distinct association, rule_no
    from {{ source('register', 'line_rule_objects') }}
),
rules as (
    select
        line_rules.association, line_rules.rule_no, line_rules.priority, line_rules.line_id,
        line_rules.account_from, line_rules.account_to, line_rules.orientation, line_rules.settled,
        spans.first_day, spans.last_day,
        naming_rules.rule_no is not null as names_objects
    from {{ source('register', 'line_rules') }} as line_rules
    inner join {{ ref('int_rule_spans') }} as spans
        on line_rules.association = spans.association
        and coalesce(line_rules.valid_from <= spans.first_day, true)
        and coalesce(line_rules.valid_to >= spans.last_day, true)
    left join naming_rules
        on line_rules.association = naming_rules.association
        and line_rules.rule_no = naming_rules.rule_no
),
matches as (
    select
        postings.association, postings.account, postings.objects, rules.first_day, rules.last_day, rules.line_id,
        row_number() over (
            partition by postings.association, postings.account, postings.objects, rules.first_day
            order by rules.priority, rules.rule_no
        ) as place
    from postings
    left join {{ ref('int_object_interventions') }} as interventions
        on postings.association = interventions.association
        and postings.objects = interventions.objects
    inner join rules
        on postings.association = rules.association
        and coalesce(left(postings.account, length(rules.account_from)) >= rules.account_from, true)
        and coalesce(left(postings.account, length(rules.account_to)) <= rules.account_to, true)
        and (rules.orientation is null or rules.orientation = interventions.orientation)
        and (rules.settled is null or rules.settled = coalesce(interventions.settled, false))
    left join rule_hits
        on postings.association = rule_hits.association
        and postings.objects = rule_hits.objects
        and rules.rule_no = rule_hits.rule_no
    where not rules.names_objects or rule_hits.rule_no is not null
)
select association, account, objects, first_day, last_day, line_id
from matches
where place = 1
