{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partition_by_string='id', partitions=['1','2']) }}
select id, name from {{ ref('stg_customers') }}
