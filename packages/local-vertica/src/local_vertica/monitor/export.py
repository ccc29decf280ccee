"""Give back the definitions: as they were written, or rendered where they were altered."""

from collections.abc import Iterable, Iterator

from local_vertica.catalog.model import (
    Column,
    Constraint,
    Function,
    Projection,
    Sequence,
    Table,
    View,
    spelled,
    spelled_each,
)
from local_vertica.catalog.store import Catalog, key_of
from local_vertica.errors import VerticaError
from local_vertica.resolve.names import NameScope

KEYWORDS = {
    "primary": "PRIMARY KEY",
    "unique": "UNIQUE",
    "foreign": "FOREIGN KEY",
    "check": "CHECK",
}
Exported = Table | View | Sequence


def export_objects(catalog: Catalog, scope: NameScope, wanted: str) -> str:
    """Return the statements that make what `wanted` names: all, a schema, or objects."""
    functions = list(chosen_functions(catalog, scope, wanted))
    relations = chosen(catalog, scope, wanted, but_for=functions)
    named = {item.schema for item in (*functions, *relations)}
    parts = [
        f"CREATE SCHEMA {spelled(name)};" for name in sorted(named) if name.lower() != "public"
    ]
    parts += map(render_function, functions)
    parts += [definition(relation) for relation in relations]
    keys = {key_of(r.schema, r.name) for r in relations}
    parts += [p.ddl + ";" for p in catalog.projections.values() if p.anchor in keys]
    return "\n\n".join(parts) + "\n"


def export_tables(catalog: Catalog, scope: NameScope, wanted: str) -> str:
    """Return the statements that make the tables, without views and projections."""
    relations = [r for r in chosen(catalog, scope, wanted) if not isinstance(r, View)]
    return "\n\n".join(definition(relation) for relation in relations) + "\n"


def chosen_functions(catalog: Catalog, scope: NameScope, wanted: str) -> Iterator[Function]:
    """Go through the functions that names, or the names of schemas, mean; none mean all.

    A function that calls others comes behind them, where it was made later.
    """
    names = [name.strip().lower() for name in wanted.split(",") if name.strip()]
    for function in sorted(catalog.functions.values(), key=lambda each: each.oid):
        known = scope.holder.owns(function) or scope.holder.granted.get(function.oid)
        full = f"{function.schema}.{function.name}".lower()
        meant = not names or {function.schema.lower(), full} & set(names)
        if known and meant and scope.holder.uses(catalog, function.schema):
            yield function


def chosen(
    catalog: Catalog, scope: NameScope, wanted: str, *, but_for: Iterable[Function] = ()
) -> list[Exported]:
    """Return the relations a comma list of names means; an empty one means all."""
    called = {f"{function.schema}.{function.name}".lower() for function in but_for}
    sequences = [s for s in catalog.sequences() if not s.identity_of]
    there: list[Exported] = [*sequences, *catalog.tables(), *catalog.views()]
    everything = [relation for relation in there if scope.holder.sees(catalog, relation)]
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    if not names:
        return everything
    found: list[Exported] = []
    for name in names:
        if name.lower() not in called:
            found.extend(_named(everything, scope, name))
    return found


def _named(everything: Iterable[Exported], scope: NameScope, name: str) -> list[Exported]:
    """Return what one name means: a schema with all it holds, or one relation."""
    parts = name.split(".")
    if len(parts) == 1 and name.lower() in scope.catalog.schemas:
        return [r for r in everything if r.schema.lower() == name.lower()]
    schema = parts[-2] if len(parts) > 1 else None
    relation = scope.find_relation(schema, parts[-1])
    if relation is None or not scope.holder.sees(scope.catalog, relation):
        raise VerticaError("42V01", f'Relation "{name}" does not exist', 4566)
    return [relation]


def definition(item: Exported | Projection) -> str:
    """Return the statement that makes an object."""
    if item.ddl:
        return item.ddl.rstrip().rstrip(";") + ";"
    if isinstance(item, Table):
        return render_table(item)
    if isinstance(item, Sequence) and not item.identity_of:
        return render_sequence(item)
    return f"-- {item.schema}.{item.name} has no definition of its own"


def render_function(function: Function) -> str:
    """Return CREATE FUNCTION for a function as it is now."""
    arguments = ", ".join(f"{spelled(name)} {vtype}" for name, vtype in function.arguments)
    return (
        f"CREATE FUNCTION {spelled(function.schema, function.name)}({arguments})\n"
        f"RETURN {function.returns} AS\nBEGIN\nRETURN {function.body};\nEND;"
    )


def render_sequence(sequence: Sequence) -> str:
    """Return CREATE SEQUENCE for a sequence as it is now."""
    cache = f"CACHE {sequence.cache}" if sequence.cache > 1 else "NO CACHE"
    cycle = "CYCLE" if sequence.cycles else "NO CYCLE"
    return (
        f"CREATE SEQUENCE {spelled(sequence.schema, sequence.name)} "
        f"INCREMENT BY {sequence.increment} MINVALUE {sequence.minimum} "
        f"MAXVALUE {sequence.maximum} START WITH {sequence.start} {cache} {cycle};"
    )


def render_table(table: Table) -> str:
    """Return CREATE TABLE for a table as it is now."""
    lines = [f"    {render_column(column)}" for column in table.columns]
    lines += [f"    {render_constraint(constraint)}" for constraint in table.constraints]
    temporary = f"{table.scope.upper()} TEMPORARY " if table.scope else ""
    name = spelled(table.schema, table.name)
    parts = [f"CREATE {temporary}TABLE {name}\n(\n", ",\n".join(lines), "\n)"]
    return "".join(parts) + "".join(f"\n{clause}" for clause in physical_clauses(table)) + ";"


def physical_clauses(table: Table) -> list[str]:
    """Return the clauses of the physical design in their order."""
    clauses = []
    if table.order_by:
        clauses.append(f"ORDER BY {spelled_each(table.order_by)}")
    if table.is_unsegmented:
        clauses.append("UNSEGMENTED ALL NODES")
    elif table.segmented_by:
        clauses.append(f"SEGMENTED BY {table.segmented_by} ALL NODES")
    if table.ksafe is not None:
        clauses.append(f"KSAFE {table.ksafe}")
    if table.partition_by:
        clauses.append(f"PARTITION BY {table.partition_by}")
    if table.group_by:
        clauses.append(f"GROUP BY {table.group_by}")
    return clauses


def render_column(column: Column) -> str:
    """Return one column's definition."""
    parts = [spelled(column.name), column.type]
    if column.identity is not None:
        parts.append(f"IDENTITY({column.identity[0]},{column.identity[1]})")
    if not column.nullable:
        parts.append("NOT NULL")
    if column.default is not None:
        parts.append(f"DEFAULT {column.default}")
    if column.set_using is not None:
        parts.append(f"SET USING {column.set_using}")
    if column.encoding:
        parts.append(f"ENCODING {column.encoding}")
    if column.access_rank is not None:
        parts.append(f"ACCESSRANK {column.access_rank}")
    return " ".join(parts)


def render_constraint(constraint: Constraint) -> str:
    """Return one table constraint's definition."""
    is_check = constraint.kind == "check"
    inner = constraint.expression if is_check else spelled_each(constraint.columns)
    text = f"CONSTRAINT {spelled(constraint.name)} {KEYWORDS[constraint.kind]} ({inner})"
    if constraint.references is not None:
        columns = spelled_each(constraint.referenced_columns)
        text += f" REFERENCES {spelled(*constraint.references)} ({columns})"
    if constraint.enabled is not None:
        text += " ENABLED" if constraint.enabled else " DISABLED"
    return text
