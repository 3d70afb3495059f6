-- The whole task as one script of SQL, as fast as we know how to write it. Parameters are put in by floor.py: $home, $out, $inner
-- and $outer (the two padded keys of HMAC).

create macro fold(label) as lower(trim(regexp_replace(label, '\s+', ' ', 'g')));
create macro day_of(cell) as coalesce(try_strptime(cell, '%Y-%m-%d'), try_strptime(cell, '%Y%m%d'))::date;
create macro kr_of(cell) as case when regexp_full_match(cell, '[0-9 ]+(,[0-9]{1,2})?')
    then replace(replace(cell, ' ', ''), ',', '.')::decimal(18, 2) end;
create macro hmac(id) as sha256('$outer'::blob || unhex(sha256('$inner'::blob || encode(id))));
create macro association_of(path) as split_part(path, '/', -4);

-- ## The register

create table interventions as
select split_part(filename, '/', -2) as association, * exclude (filename)
from read_csv('$home/config/*/interventions.csv', delim = ';', all_varchar = true, filename = true);

create table names as
select distinct association, intervention_id, fold(label) as label
from (
    select association, intervention_id,
        unnest([intervention_id, name, short_name] || string_split(coalesce(aliases, ''), '|')) as label
    from interventions
)
where label <> '';

create table objects as
select association, intervention_id, orientation, unnest(string_split(ledger_objects, '|')) as object
from interventions;

create table reasons as
select association, code, unnest([code, label] || string_split(coalesce(aliases, ''), '|')) as label
from (
    select split_part(filename, '/', -3) as association, *
    from read_csv('$home/config/*/codes/exit_reason.csv', delim = ';', all_varchar = true, filename = true)
);
create table reason_words as select distinct association, code, fold(label) as label from reasons where label <> '';

create table line_rules as
select split_part(filename, '/', -2) as association, * exclude (filename) replace (priority::int as priority)
from read_csv('$home/config/*/line_rules.csv', delim = ';', all_varchar = true, filename = true);

create table report_lines as
select split_part(filename, '/', -2) as association, "order"::bigint as line_order, line_id, label, kind, block, sum_of
from read_csv('$home/config/*/report_lines.csv', delim = ';', all_varchar = true, filename = true);

-- ## The ledger: read, type, judge

create table ledger as
select
    association_of(filename) as association, filename as path, Serie as series, Verifikationsnr as number,
    row_number() over () as place, day_of(Datum) as booked_on,
    case when regexp_full_match(Konto, '[0-9]{4,6}') then Konto end as account,
    case
        when coalesce(Debet, '') <> '' and kr_of(Debet) is null or coalesce(Kredit, '') <> '' and kr_of(Kredit) is null then null
        when coalesce(kr_of(Debet), 0) <> 0 and coalesce(kr_of(Kredit), 0) <> 0 then null
        when coalesce(Debet, '') <> '' or coalesce(Kredit, '') <> '' then coalesce(kr_of(Debet), 0) - coalesce(kr_of(Kredit), 0)
    end::decimal(18, 2) as amount,
    '6:' || nullif(Projekt, '') as object
from read_csv('$home/landing/*/huvudbok/*/*.csv', delim = ';', all_varchar = true, filename = true);

create table ledger_files as select path, min(place) - 2 as before, count(*) as rows from ledger group by path;

create table broken as
select path, series, number
from ledger
group by path, series, number
having sum(amount) <> 0 or count(*) > count(amount) or count(*) > count(booked_on) or count(*) > count(account);

create table ledger_findings as
with judged as (
    select path, place, amount is null as l002, booked_on is null as l003, account is null as l004
    from ledger
    semi join broken using (path, series, number)
)
select path, place, unnest(list_filter([
    case when l002 then {'rule': 'L002', 'column': 'amount'} end,
    case when l003 then {'rule': 'L003', 'column': 'date'} end,
    case when l004 then {'rule': 'L004', 'column': 'account'} end,
    case when not (l002 or l003 or l004) then {'rule': 'L001', 'column': 'amount'} end
], lambda x: x is not null), recursive := true)
from judged;

-- ## The participations: read, type, judge

create table lists as
select
    association_of(filename) as association, filename as path, row_number() over () as place,
    split_part(filename, '/', -2)::date as delivered_on,
    nullif(trim("Löpnummer"), '') as participant, fold(Insats) as intervention_word, fold("Kön") as gender_word,
    try_cast("Födelseår" as bigint) as birth_year,
    coalesce(Startdatum, '') <> '' as start_given, day_of(Startdatum) as start_date,
    coalesce(Slutdatum, '') <> '' as end_given, day_of(Slutdatum) as end_date,
    coalesce(Avslutsorsak, '') <> '' as reason_given, fold(Avslutsorsak) as reason_word
from read_csv('$home/landing/*/deltagaruppfoljning/*/*.csv', delim = ';', all_varchar = true, filename = true);

create table list_files as select path, min(place) - 2 as before, count(*) as rows from lists group by path;

create table judged as
with typed as (
    select
        lists.*, names.intervention_id, reason_words.code as exit_reason,
        case
            when gender_word in ('kvinna', 'k') then 'woman'
            when gender_word in ('man', 'm') then 'man'
            when gender_word in ('annan köns-id', 'annan') then 'other'
        end as gender
    from lists
    left join names on lists.association = names.association and lists.intervention_word = names.label
    left join reason_words on lists.association = reason_words.association and lists.reason_word = reason_words.label
)
select *, list_filter([
    case when participant is null then {'rule': 'P001', 'column': 'participant'} end,
    case when intervention_id is null then {'rule': 'P002', 'column': 'intervention_id'} end,
    case when gender is null then {'rule': 'P003', 'column': 'gender'} end,
    case when start_date is null then {'rule': 'P004', 'column': 'start_date'} end,
    case when end_given and (end_date is null or end_date < start_date) then {'rule': 'P005', 'column': 'end_date'} end,
    case when reason_given and not end_given then {'rule': 'P006', 'column': 'end_date'} end,
    case when reason_given and exit_reason is null then {'rule': 'P008', 'column': 'exit_reason'} end,
    case when start_date > delivered_on or start_date < date '1990-01-01' then {'rule': 'P010', 'column': 'start_date'} end
], lambda x: x is not null) as findings
from typed;

create table doubled as
with versions as (
    select
        place,
        row_number() over same as nth,
        count(*) over same as alike,
        count(*) over (partition by association, intervention_id, participant, start_date) as together
    from judged
    where len(findings) = 0
    window same as (
        partition by association, intervention_id, participant, start_date, gender, birth_year, end_date, exit_reason order by place
        rows between unbounded preceding and unbounded following
    )
)
select place from versions where nth > 1 or alike < together;

create table list_findings as
select path, place, unnest(findings, recursive := true) from judged where len(findings) > 0
union all
select path, place, 'P009', 'participant' from judged semi join doubled using (place);

-- ## What is published

copy (
    select association_of(path) as association, source, path[length('$home') + 2:] as path, place - before as row, rule, "column"
    from (
        select 'huvudbok' as source, * from ledger_findings join ledger_files using (path)
        union all
        select 'deltagaruppfoljning' as source, * from list_findings join list_files using (path)
    )
    order by path, row, rule
) to '$out/quarantine.parquet';

create table participations as
select
    association, hmac(participant) as participant, intervention_id, gender, birth_year, start_date, end_date,
    coalesce(exit_reason, 'uppgift_saknas') as exit_reason
from judged
anti join doubled using (place)
where len(findings) = 0;
copy (from participations) to '$out/participations.parquet';

create table months as
with summed as (
    select association, date_trunc('month', booked_on)::date as month, account, object, sum(amount) as amount, count(*) as rows
    from ledger
    anti join broken using (path, series, number)
    group by all
),
matched as (
    select
        summed.*, objects.intervention_id, line_rules.line_id,
        row_number() over (
            partition by summed.association, summed.month, summed.account, summed.object order by line_rules.priority
        ) as place
    from summed
    left join objects using (association, object)
    left join line_rules
        on summed.association = line_rules.association
        and summed.account[1] between '3' and '8'
        and not starts_with(summed.account, '8999')
        and coalesce(summed.account[:length(line_rules.account_from)] >= line_rules.account_from, true)
        and coalesce(summed.account[:length(line_rules.account_to)] <= line_rules.account_to, true)
        and coalesce(list_contains(string_split(line_rules.objects, '|'), summed.object), line_rules.objects is null)
        and coalesce(line_rules.orientation = objects.orientation, line_rules.orientation is null)
)
select
    association, month, account, intervention_id, line_id,
    sum(amount)::decimal(18, 2) as amount_kr, sum(rows)::bigint as rows
from matched
where place = 1
group by all;
copy (select * replace (strftime(month, '%Y-%m') as month) from months order by all) to '$out/ledger_month.parquet';

create table periods as
with bounds as (
    select association, min(first) as first, max(last) as last
    from (
        select association, year(min(month)) as first, null as last from months group by association
        union all
        select association, year(min(start_date)), null from participations group by association
        union all
        select association, null, year(max(delivered_on)) from lists group by association
    )
    group by association
)
select association, y || p.suffix as period, make_date(y, p.first, 1) as starts_on, last_day(make_date(y, p.last, 1)) as ends_on
from (select association, unnest(range(first, last + 1)) as y from bounds)
cross join (values ('H1', 1, 6), ('H2', 7, 12), ('', 1, 12)) as p (suffix, first, last);

create table counted as
with spans as (
    select
        p.association, p.period, p.starts_on, p.ends_on, i.intervention_id, i.count_basis as basis
    from periods as p
    join interventions as i
        on p.association = i.association
        and i.orientation = 'individual'
        and coalesce(i.starts_on::date <= p.ends_on, true)
        and coalesce(i.ends_on::date >= p.starts_on, true)
),
grid as (
    select *, unnest(['woman', 'man', 'other', 'anonymous']) as gender from spans
),
measured as (
    select
        spans.association, spans.period, spans.intervention_id, gender, exit_reason,
        (basis = 'interval' and start_date < starts_on)::int as carried_in,
        (start_date >= starts_on)::int as started,
        (basis <> 'started' and coalesce(end_date <= ends_on, false))::int as ended,
        basis
    from spans
    join participations using (association, intervention_id)
    where start_date <= ends_on and coalesce(end_date >= starts_on, true)
),
summed as (
    select
        association, period, intervention_id, gender, exit_reason, sum(carried_in) as carried_in, sum(started) as started,
        sum(ended) as ended, sum(case when basis = 'started' then 0 else carried_in + started - ended end) as carried_out
    from measured
    group by all
)
select grid.association, grid.period, grid.intervention_id, grid.gender, exit_reason, carried_in, started, ended, carried_out
from grid
left join summed using (association, period, intervention_id, gender);

copy (
    select
        association, period, intervention_id, gender,
        coalesce(sum(carried_in), 0)::bigint as carried_in, coalesce(sum(started), 0)::bigint as started,
        coalesce(sum(carried_in + started), 0)::bigint as participants,
        coalesce(sum(ended), 0)::bigint as ended, coalesce(sum(carried_out), 0)::bigint as carried_out
    from counted
    group by all
    order by all
) to '$out/participant_flow.parquet';

copy (
    with codes as (select distinct association, code from reasons union select distinct association, 'uppgift_saknas' from reasons)
    select
        grid.association, grid.period, grid.intervention_id, grid.gender, codes.code as exit_reason,
        coalesce(counted.ended, 0)::bigint as ended
    from (select distinct association, period, intervention_id, gender from counted) as grid
    join codes using (association)
    left join counted
        on grid.association = counted.association and grid.period = counted.period
        and grid.intervention_id = counted.intervention_id and grid.gender = counted.gender and counted.exit_reason = codes.code
    order by all
) to '$out/exit_reasons.parquet';

copy (
    with recursive terms as (
        select association, line_id, ltrim(term, '-') as part, case when starts_with(term, '-') then -1 else 1 end as sign
        from (select association, line_id, unnest(string_split(sum_of, '|')) as term from report_lines where sum_of is not null)
    ),
    holds as (
        select association, line_id, line_id as leaf, 1 as sign from report_lines where kind <> 'section'
        union all
        select holds.association, holds.line_id, terms.part, holds.sign * terms.sign
        from holds join terms on holds.association = terms.association and holds.leaf = terms.line_id
    ),
    lines as (
        select periods.association, period, starts_on, ends_on, line_order, line_id, label, kind, block
        from periods
        join report_lines using (association)
        semi join (select distinct association, year(month) as year from months) as booked
            on periods.association = booked.association and year(periods.starts_on) = booked.year
    ),
    outcomes as (
        select lines.association, period, line_id, sum(case when block = 'income' then -amount_kr else amount_kr end) as outcome
        from lines join months using (association, line_id)
        where month between starts_on and ends_on
        group by all
    ),
    figures as (
        select lines.association, lines.period, lines.line_id, sum(holds.sign * coalesce(outcome, 0)) as outcome
        from lines
        join holds using (association, line_id)
        left join outcomes
            on lines.association = outcomes.association and lines.period = outcomes.period and holds.leaf = outcomes.line_id
        group by all
    )
    select
        association, period, line_order, line_id, label, kind, block, outcome::decimal(18, 2) as outcome_kr,
        (sign(outcome) * ((abs(outcome * 100)::bigint * 2 + 100000) // 200000))::bigint as outcome_tkr
    from lines
    left join figures using (association, period, line_id)
    order by all
) to '$out/income_statement.parquet';
