"""The syntax tree of a statement: what was written, before anything is resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from local_vertica.types import VType

YEAR_TO_MONTH = VType("INTERVAL YEAR TO MONTH")


@dataclass(frozen=True, slots=True)
class Number:
    """A number without sign, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class String:
    """A character literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Binary:
    """A binary literal, as hexadecimal digits."""

    digits: str


@dataclass(frozen=True, slots=True)
class Constant:
    """NULL, TRUE or FALSE."""

    value: bool | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A `?` of a prepared statement; the first has index 1."""

    index: int


@dataclass(frozen=True, slots=True)
class Interval:
    """INTERVAL 'value' qualifier; `vtype` is the type the qualifier names."""

    value: str
    vtype: VType | None


@dataclass(frozen=True, slots=True)
class Column:
    """A possibly qualified name: column, table.column or schema.table.column."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """A prefix operator and its operand; postfix `!` is written `x!`."""

    op: str
    operand: Expr


@dataclass(frozen=True, slots=True)
class Operation:
    """An infix operator between two operands."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Cast:
    """CAST, `::`, `::!` or `TYPE 'literal'`; a safe one gives NULL instead of an error."""

    operand: Expr
    vtype: VType
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """CASE with or without an operand."""

    operand: Expr | None
    branches: tuple[tuple[Expr, Expr], ...]
    default: Expr | None


@dataclass(frozen=True, slots=True)
class Between:
    """`operand [NOT] BETWEEN low AND high`."""

    operand: Expr
    low: Expr
    high: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """`operand [NOT] IN (…)`: a list of expressions or a query."""

    operand: Expr
    choices: tuple[Expr, ...] | Query
    negated: bool


@dataclass(frozen=True, slots=True)
class Like:
    """`operand [NOT] LIKE|ILIKE|LIKEB|ILIKEB pattern [ESCAPE …]`, also with ANY or ALL."""

    op: str
    operand: Expr
    patterns: tuple[Expr, ...]
    quantifier: Literal["", "ANY", "ALL"]
    escape: Expr | None
    negated: bool


@dataclass(frozen=True, slots=True)
class Is:
    """`operand IS [NOT] NULL|TRUE|FALSE|UNKNOWN`."""

    operand: Expr
    what: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Quantified:
    """`operand op ANY|ALL (query or list)`."""

    op: str
    operand: Expr
    quantifier: Literal["ANY", "ALL"]
    choices: tuple[Expr, ...] | Query


@dataclass(frozen=True, slots=True)
class Interpolate:
    """`left INTERPOLATE PREVIOUS|NEXT VALUE right`."""

    left: Expr
    right: Expr
    is_next: bool


@dataclass(frozen=True, slots=True)
class Exists:
    """EXISTS (query)."""

    query: Query


@dataclass(frozen=True, slots=True)
class Scalar:
    """A query in parentheses that stands for one value."""

    query: Query


@dataclass(frozen=True, slots=True)
class Row:
    """Several expressions in parentheses, as compared with IN or =."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One ORDER BY element."""

    expr: Expr
    descending: bool = False
    nulls: Literal["", "FIRST", "LAST", "AUTO"] = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """A window frame: unit, start and optional end, each (kind, expression)."""

    unit: Literal["ROWS", "RANGE"]
    start: tuple[str, Expr | None]
    end: tuple[str, Expr | None] | None


@dataclass(frozen=True, slots=True)
class Window:
    """OVER (…), or the definition of a named window."""

    base: str | None = None
    partition: tuple[Expr, ...] = ()
    order: tuple[Order, ...] = ()
    frame: Frame | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A function call with all that may follow its name."""

    name: str
    args: tuple[Expr, ...] = ()
    schema: str | None = None
    star: bool = False
    distinct: bool = False
    ignore_nulls: bool | None = None
    parameters: tuple[tuple[str, Expr], ...] = ()
    within: tuple[Order, ...] = ()
    over: Window | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Star:
    """`*` or `table.*`."""

    parts: tuple[str, ...] = ()


Expr = (
    Number | String | Binary | Constant | Parameter | Interval | Column | Unary | Operation | Cast
    | Case | Between | Membership | Like | Is | Quantified | Interpolate | Exists | Scalar | Row
    | Call
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One element of a select list."""

    expr: Expr | Star
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class TableRef:
    """A table, view, CTE or system table by name."""

    schema: str | None
    name: str
    alias: str | None = None
    columns: tuple[str, ...] = ()
    sample: str | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """A subquery in FROM."""

    query: Query
    alias: str | None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Join:
    """Two sources joined."""

    kind: Literal["INNER", "LEFT", "RIGHT", "FULL", "CROSS"]
    left: Source
    right: Source
    on: Expr | None = None
    using: tuple[str, ...] = ()
    natural: bool = False


Source = TableRef | Derived | Join


@dataclass(frozen=True, slots=True)
class TimeSeries:
    """TIMESERIES name AS 'step' OVER (PARTITION BY … ORDER BY time)."""

    name: str
    step: Expr
    window: Window


@dataclass(frozen=True, slots=True)
class Group:
    """One GROUP BY element: an expression list under a kind."""

    kind: Literal["PLAIN", "ROLLUP", "CUBE", "SETS"]
    sets: tuple[tuple[Expr, ...], ...]


@dataclass(frozen=True, slots=True)
class Select:
    """One SELECT block."""

    items: tuple[Item, ...]
    distinct: bool = False
    sources: tuple[Source, ...] = ()
    where: Expr | None = None
    timeseries: TimeSeries | None = None
    groups: tuple[Group, ...] = ()
    having: Expr | None = None
    windows: tuple[tuple[str, Window], ...] = ()


@dataclass(frozen=True, slots=True)
class Combined:
    """UNION, INTERSECT or EXCEPT of two bodies."""

    op: Literal["UNION", "INTERSECT", "EXCEPT"]
    all: bool
    left: Body
    right: Body


@dataclass(frozen=True, slots=True)
class Cte:
    """One WITH element."""

    name: str
    columns: tuple[str, ...]
    query: Query


@dataclass(frozen=True, slots=True)
class Query:
    """A body with its WITH, ORDER BY, LIMIT and OFFSET."""

    body: Body
    ctes: tuple[Cte, ...] = ()
    recursive: bool = False
    order: tuple[Order, ...] = ()
    limit: Expr | None = None
    limit_over: Window | None = None
    offset: Expr | None = None
    for_update: bool = False
    historical: bool = False  # AT EPOCH LATEST


Body = Select | Combined | Query


@dataclass(frozen=True, slots=True)
class Default:
    """DEFAULT in VALUES or SET."""


@dataclass(frozen=True, slots=True)
class Insert:
    """INSERT INTO; values is None if a query feeds it, both None for DEFAULT VALUES."""

    target: TableRef
    columns: tuple[str, ...]
    values: tuple[Expr | Default, ...] | None = None
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """UPDATE … SET … FROM … WHERE."""

    target: TableRef
    assignments: tuple[tuple[str, Expr | Default], ...]
    sources: tuple[Source, ...] = ()
    where: Expr | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """DELETE FROM … WHERE."""

    target: TableRef
    where: Expr | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """MERGE INTO … USING … ON …; each clause at most once."""

    target: TableRef
    source: Source
    on: Expr
    update: tuple[tuple[str, Expr | Default], ...] = ()
    update_where: Expr | None = None
    insert_columns: tuple[str, ...] = ()
    insert_values: tuple[Expr | Default, ...] = field(default=())
    insert_where: Expr | None = None


Statement = Query | Insert | Update | Delete | Merge
