"""What VerticaPy is asked to do; each step that fails is printed with what the server said."""

import os
import sys
from pathlib import Path

import vertica_python
import verticapy as vp

PEOPLE = (
    "1, 'Ann', 30.5, 'a', '2024-01-01 10:00', 1.5",
    "2, 'Bob', 40, 'a', '2024-02-01 10:00', 2.5",
    "3, 'Cy', 25, 'b', '2024-03-01 10:00', 3.5",
    "4, 'Di', NULL, 'b', NULL, 4.5",
)
CSV = 'id,name,score\n1,"Ann, A",1.5\n2,Боб,2.5\n3,,\n'


def connect() -> None:
    """Give VerticaPy a connection and something to look at."""
    connection = vertica_python.connect(
        host=os.environ["VERTICA_HOST"],
        port=int(os.environ["VERTICA_PORT"]),
        user=os.environ["VERTICA_USER"],
        password=os.environ["VERTICA_PASSWORD"],
        database=os.environ["VERTICA_DATABASE"],
        tlsmode="disable",
    )
    vp.set_connection(connection)
    cursor = connection.cursor()
    cursor.execute(
        "CREATE TABLE people (id INT, name VARCHAR(20), age FLOAT, grp VARCHAR(5), "
        "at TIMESTAMP, n NUMERIC(10,2))"
    )
    for row in PEOPLE:
        cursor.execute(f"INSERT INTO people VALUES ({row})")
    cursor.execute("COMMIT")


connect()
Path("in.csv").write_text(CSV)
people = vp.vDataFrame("public.people")
typed = {"id": "int", "name": "varchar(20)", "score": "float"}
STEPS = {
    "shape": people.shape,
    "describe numbers": lambda: people.describe(method="numerical"),
    "describe categories": lambda: people.describe(method="categorical"),
    "describe statistics": lambda: people.describe(method="statistics"),
    "describe lengths": lambda: people.describe(method="length"),
    "describe all": lambda: people.describe(method="all"),
    "filter": lambda: people.search("age > 28"),
    "group": lambda: people.groupby(["grp"], ["AVG(age) AS a", "COUNT(*) AS c"]),
    "to pandas": people.to_pandas,
    "correlation": lambda: people.corr(["id", "age", "n"]),
    "spearman": lambda: people.corr(["id", "age", "n"], method="spearman"),
    "fill missing": lambda: people.copy()["age"].fillna(method="avg"),
    "one hot": people.copy()["grp"].one_hot_encode,
    "outliers": lambda: people.copy().outliers(["age"]),
    "lag": lambda: people.copy().analytic("lag", "age", by="grp", order_by="at", name="before"),
    "rolling": lambda: people.copy().rolling("avg", (-1, 0), "age", by="grp", order_by="at"),
    "pivot": lambda: people.pivot("grp", "name", "age", "avg"),
    "join": lambda: people.join(people, on={"id": "id"}, how="left", expr1=["id"], expr2=["name"]),
    "regexp": lambda: people.copy().regexp("name", "A", method="not_like", name="x"),
    "to table": lambda: people.to_db("public.copied", relation_type="table"),
    "to view": lambda: people.to_db("public.shown", relation_type="view"),
    "read csv, types given": lambda: vp.read_csv("in.csv", table_name="typed", dtype=typed),
    "read csv, types guessed": lambda: vp.read_csv("in.csv", table_name="guessed"),
    "sample": lambda: people.sample(n=2),
}
REFUSED = {
    "read csv, types guessed": "it needs a flex table",
    "sample": "it calls a function that Vertica does not document",
}
surprises = 0
for name, step in STEPS.items():
    try:
        str(step())
        found = "done"
    except Exception as error:  # noqa: BLE001 - every fault is shown, none ends the session
        found = f"{type(error).__name__}: {str(error)[:300]}"
    surprises += (found == "done") == (name in REFUSED)
    print(f"{name}: {found}{', for ' + REFUSED[name] if name in REFUSED else ''}")
sys.exit(surprises)
