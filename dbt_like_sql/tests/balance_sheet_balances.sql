-- Assets = equity + liabilities, at the start, in the change and at the end. A warning: where the rows of one voucher bear days in
-- different periods, or a voucher waits in quarantine, the books of a period do not balance although every figure is right.
{{ config(severity='warn') }}
select association, period
from {{ ref('balance_sheet') }}
group by association, period
having sum(case when side = 'asset' then opening_kr else -opening_kr end) <> 0
    or sum(case when side = 'asset' then change_kr else -change_kr end) <> 0
    or sum(case when side = 'asset' then closing_kr else -closing_kr end) <> 0
