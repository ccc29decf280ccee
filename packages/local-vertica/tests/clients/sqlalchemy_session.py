"""What SQLAlchemy's Vertica dialect is asked to do; each step that fails is printed."""

import os
import sys

import sqlalchemy as sa

ADDRESS = sa.engine.URL.create(
    "vertica+vertica_python",
    username=os.environ["VERTICA_USER"],
    password=os.environ["VERTICA_PASSWORD"],
    host=os.environ["VERTICA_HOST"],
    port=int(os.environ["VERTICA_PORT"]),
    database=os.environ["VERTICA_DATABASE"],
    query={"tlsmode": "disable"},
)
TABLES = (
    "CREATE SCHEMA shop",
    "CREATE TABLE shop.parent (id INT PRIMARY KEY, name VARCHAR(20) UNIQUE, n NUMERIC(10,2))",
    "CREATE TABLE shop.child (id IDENTITY, pid INT REFERENCES shop.parent, CHECK (pid > 0))",
    "CREATE VIEW shop.shown AS SELECT id, name FROM shop.parent",
    "COMMENT ON TABLE shop.parent IS 'people'",
    "INSERT INTO shop.parent VALUES (1, 'Ann', 1.5)",
)
made = sa.Table(
    "made",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(20), nullable=False),
    sa.Column("at", sa.DateTime),
    schema="shop",
)
engine = sa.create_engine(ADDRESS)


def change_rows() -> object:
    """Insert, update, delete and select in one transaction."""
    with engine.begin() as connection:
        connection.execute(made.insert(), [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])
        connection.execute(made.update().where(made.c.id == 2).values(name="z"))
        connection.execute(made.delete().where(made.c.id == 1))
        query = sa.select(made).where(made.c.name.like("%z%")).order_by(made.c.id).limit(5)
        return connection.execute(query).fetchall()


with engine.begin() as connection:
    for statement in TABLES:
        connection.execute(sa.text(statement))
inspector = sa.inspect(engine)
STEPS = {
    "schemas": inspector.get_schema_names,
    "tables": lambda: inspector.get_table_names("shop"),
    "tables of all schemas": inspector.get_table_names,
    "views": lambda: inspector.get_view_names("shop"),
    "columns": lambda: inspector.get_columns("parent", "shop"),
    "columns of a view": lambda: inspector.get_columns("shown", "shop"),
    "primary key": lambda: inspector.get_pk_constraint("parent", "shop"),
    "foreign keys": lambda: inspector.get_foreign_keys("child", "shop"),
    "unique keys": lambda: inspector.get_unique_constraints("parent", "shop"),
    "checks": lambda: inspector.get_check_constraints("child", "shop"),
    "comment": lambda: inspector.get_table_comment("parent", "shop"),
    "reflect": lambda: sa.MetaData().reflect(engine, schema="shop", views=True),
    "create": lambda: made.create(engine),
    "rows": change_rows,
    "drop": lambda: made.drop(engine),
}
failed = 0
for name, step in STEPS.items():
    try:
        step()
        print(f"{name}: done")
    except Exception as error:  # noqa: BLE001 - every fault is shown, none ends the session
        failed += 1
        print(f"{name}: {type(error).__name__}: {str(error)[:300]}")
sys.exit(failed)
