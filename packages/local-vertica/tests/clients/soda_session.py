"""What Soda is asked to check of a table, to profile and to discover."""

import os
import sys

import vertica_python
from soda.scan import Scan

WAREHOUSE = f"""
data_source warehouse:
  type: vertica
  host: {os.environ["VERTICA_HOST"]}
  port: "{os.environ["VERTICA_PORT"]}"
  username: {os.environ["VERTICA_USER"]}
  password: "{os.environ["VERTICA_PASSWORD"]}"
  database: {os.environ["VERTICA_DATABASE"]}
  schema: shop
"""
CHECKS = """
checks for sales:
  - row_count = 3
  - missing_count(name) = 1
  - duplicate_count(id) = 0
  - max(price) < 1000
  - stddev(price) > 0
  - percentile(price, 0.95) > 1
  - invalid_count(name) = 0:
      valid regex: '^[A-Z][a-z]+$'
  - values in (pid) must exist in people (id)
  - freshness(at) < 20000d
  - schema:
      fail:
        when required column missing: [id, name]
        when wrong column type:
          price: numeric
profile columns:
  columns: [sales.%]
discover datasets:
  datasets: [include %]
"""
TABLES = (
    "CREATE SCHEMA shop",
    "CREATE TABLE shop.people (id INT)",
    "CREATE TABLE shop.sales (id INT, pid INT, name VARCHAR(9), price NUMERIC(9,2), at TIMESTAMP)",
    "INSERT INTO shop.people VALUES (1)",
    "INSERT INTO shop.people VALUES (2)",
    "INSERT INTO shop.sales VALUES (1, 1, 'Ann', 1.5, NOW())",
    "INSERT INTO shop.sales VALUES (2, 2, 'Bob', 2.5, NOW())",
    "INSERT INTO shop.sales VALUES (3, 1, NULL, 3.5, NOW())",
    "COMMIT",
)

with vertica_python.connect(
    host=os.environ["VERTICA_HOST"],
    port=int(os.environ["VERTICA_PORT"]),
    user=os.environ["VERTICA_USER"],
    password=os.environ["VERTICA_PASSWORD"],
    database=os.environ["VERTICA_DATABASE"],
    tlsmode="disable",
) as connection:
    for statement in TABLES:
        connection.cursor().execute(statement)
scan = Scan()
scan.set_data_source_name("warehouse")
scan.add_configuration_yaml_str(WAREHOUSE)
scan.add_sodacl_yaml_str(CHECKS)
scan.execute()
print(scan.get_logs_text())
sys.exit(scan.has_check_fails() or scan.has_error_logs())
