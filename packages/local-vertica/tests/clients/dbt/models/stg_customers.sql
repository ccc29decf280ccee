{{ config(materialized='view') }}
select id, name, born, score, active, updated_at from {{ ref('customers') }}
