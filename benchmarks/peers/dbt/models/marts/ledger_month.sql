select * replace (strftime(month, '%Y-%m') as month) from {{ ref('months') }} order by all
