{#
   The form of our files: ASCII's own separators part fields (1F) and records (1E), a lone 15 is NULL.
   Nothing is quoted or escaped, so every value arrives byte for byte, and '' stays apart from NULL.
   What COPY refuses goes to a table that does not exist yet: under NO COMMIT that is a local temporary one.
#}
{% macro copy_form() %}
FROM STDIN
DELIMITER E'\037'
NULL E'\025'
NO ESCAPE
RECORD TERMINATOR E'\036'
ENFORCELENGTH
REJECTED DATA AS TABLE {{ copy_rejects }}
NO COMMIT
{% endmacro %}
