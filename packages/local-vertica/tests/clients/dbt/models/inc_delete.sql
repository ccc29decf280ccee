{{ config(materialized='incremental', unique_key='id', incremental_strategy='delete+insert') }}
select id, name, updated_at from {{ ref('stg_customers') }}
