-- Satellite {{ satellite.name }}: insert the parts of exactly those versions that this batch brought into
-- {{ satellite.follows.name }}; a version holds a digest of its parts, so nothing is compared here.
-- Reads the batch's rows of {{ source.name }}. Run once for a batch, behind {{ satellite.follows.name }}.
{% from "patterns/keys.sql" import batch with context %}
INSERT INTO {{ vault }}.{{ satellite.name }} ({{ parent.key }}, {% for name, column in columns %}{{ name }}, {% endfor %}load_dt, load_id, record_no, load_src)
SELECT
    versions.{{ parent.key }},
    {% for name, column in columns %}
    staged.{{ column.name }},
    {% endfor %}
    versions.load_dt,
    versions.load_id,
    versions.record_no,
    versions.load_src
FROM {{ vault }}.{{ satellite.follows.name }} AS versions
INNER JOIN {{ staging }}.{{ source.name }} AS staged ON staged.load_id = versions.load_id AND staged.record_no = versions.record_no
WHERE versions.load_dt = CAST(:load_dt AS TIMESTAMP)
  AND staged.load_id IN ({{ batch() }})
