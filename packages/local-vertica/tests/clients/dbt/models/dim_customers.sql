{{ config(materialized='table') }}
select id, upper(name) as name, {{ dbt.datediff('born', 'updated_at', 'day') }} as days from {{ ref('stg_customers') }}
