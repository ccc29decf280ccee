{% snapshot customers_by_time %}
{{ config(target_schema='shop', unique_key='id', strategy='timestamp', updated_at='updated_at') }}
select * from {{ ref('customers') }}
{% endsnapshot %}

{% snapshot customers_by_name %}
{{ config(target_schema='shop', unique_key='id', strategy='check', check_cols=['name']) }}
select * from {{ ref('customers') }}
{% endsnapshot %}
