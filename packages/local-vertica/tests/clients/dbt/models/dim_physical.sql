{{ config(materialized='table', order_by='id', segmented_by_string='id', segmented_by_all_nodes='True', partition_by_string='id') }}
select id, name from {{ ref('stg_customers') }}
