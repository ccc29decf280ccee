"""Walk over tokens: expect, accept, refuse."""

from local_vertica.ddl.lexer import Token, name_value, string_value, syntax_error, tokenize
from local_vertica.types import VType, parse_type

# Vertica's reserved words that can never be a bare name.
RESERVED = frozenset(
    [
        "ALL",
        "AND",
        "ANY",
        "ARRAY",
        "AS",
        "ASC",
        "BETWEEN",
        "BOTH",
        "CASE",
        "CAST",
        "CHECK",
        "COLLATE",
        "COLUMN",
        "CONSTRAINT",
        "CREATE",
        "CROSS",
        "CURRENT_DATABASE",
        "CURRENT_DATE",
        "CURRENT_SCHEMA",
        "CURRENT_TIME",
        "CURRENT_TIMESTAMP",
        "CURRENT_USER",
        "DEFAULT",
        "DEFERRABLE",
        "DESC",
        "DISTINCT",
        "ELSE",
        "END",
        "EXCEPT",
        "EXISTS",
        "FALSE",
        "FOR",
        "FOREIGN",
        "FROM",
        "FULL",
        "GRANT",
        "GROUP",
        "HAVING",
        "ILIKE",
        "IN",
        "INNER",
        "INTERSECT",
        "INTO",
        "IS",
        "JOIN",
        "LEADING",
        "LEFT",
        "LIKE",
        "LIMIT",
        "LOCALTIME",
        "LOCALTIMESTAMP",
        "MATCH",
        "MINUS",
        "NATURAL",
        "NOT",
        "NULL",
        "OFFSET",
        "ON",
        "ONLY",
        "OR",
        "ORDER",
        "OUTER",
        "OVER",
        "PRIMARY",
        "REFERENCES",
        "RIGHT",
        "SELECT",
        "SESSION_USER",
        "SIMILAR",
        "SOME",
        "SYSDATE",
        "TABLE",
        "THEN",
        "TIMESERIES",
        "TO",
        "TRAILING",
        "TRUE",
        "UNBOUNDED",
        "UNION",
        "UNIQUE",
        "USER",
        "USING",
        "WHEN",
        "WHERE",
        "WINDOW",
        "WITH",
        "WITHIN",
    ]
)
TYPE_TAILS = {
    "LONG": ("VARCHAR", "VARBINARY"),
    "DOUBLE": ("PRECISION",),
    "CHARACTER": ("VARYING",),
    "BINARY": ("VARYING",),
}
INTERVAL_WORDS = frozenset(["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"])


class Reader:
    """A cursor over the tokens of one statement."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.tokens = tokenize(sql)
        self.at = 0

    @property
    def token(self) -> Token:
        """Return the token at hand."""
        return self.tokens[self.at]

    def peek(self, ahead: int = 1) -> Token:
        """Return a token further on, or the end."""
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def take(self) -> Token:
        """Return the token at hand and step over it."""
        token = self.token
        if token.kind == "end":
            raise syntax_error(token)
        self.at += 1
        return token

    def is_next(self, *words: str) -> bool:
        """Say whether these keywords or symbols come next, in this order."""
        return all(self.peek(i).upper == word for i, word in enumerate(words))

    def accept(self, *words: str) -> bool:
        """Step over these keywords if they come next; say whether they did."""
        if not self.is_next(*words):
            return False
        self.at += len(words)
        return True

    def expect(self, *words: str) -> None:
        """Step over these keywords; refuse anything else."""
        for word in words:
            if self.token.upper != word:
                raise syntax_error(self.token)
            self.at += 1

    def choose(self, *words: str) -> str:
        """Step over one of these keywords and return it; refuse anything else."""
        if self.token.upper not in words:
            raise syntax_error(self.token)
        return self.take().upper

    def end(self) -> None:
        """Refuse anything that is left."""
        self.accept(";")
        if self.token.kind != "end":
            raise syntax_error(self.token)

    def name(self) -> str:
        """Read one identifier."""
        token = self.token
        if token.kind not in ("word", "quoted") or token.upper in RESERVED:
            raise syntax_error(token)
        self.at += 1
        return name_value(token)

    def qualified(self) -> tuple[str | None, str]:
        """Read [[database.]schema.]name; return schema and name."""
        parts = [self.name()]
        while self.accept("."):
            parts.append(self.name())
        if len(parts) > 3:
            raise syntax_error(self.token)
        return (parts[-2] if len(parts) > 1 else None), parts[-1]

    def names(self) -> tuple[str, ...]:
        """Read a list of identifiers in parentheses."""
        self.expect("(")
        found = [self.name()]
        while self.accept(","):
            found.append(self.name())
        self.expect(")")
        return tuple(found)

    def qualified_list(self) -> tuple[tuple[str | None, str], ...]:
        """Read names parted by commas."""
        found = [self.qualified()]
        while self.accept(","):
            found.append(self.qualified())
        return tuple(found)

    def integer(self) -> int:
        """Read a whole number, with a sign if there is one."""
        sign = -1 if self.accept("-") else 1
        token = self.token
        if token.kind != "number" or not token.text.isdigit():
            raise syntax_error(token)
        self.at += 1
        return sign * int(token.text)

    def string(self) -> str:
        """Read a string literal."""
        if self.token.kind != "string":
            raise syntax_error(self.token)
        return string_value(self.take())

    def text_since(self, start: int) -> str:
        """Return the statement's text from token `start` up to the token at hand."""
        return self.sql[self.tokens[start].start : self.tokens[self.at - 1].end]

    def balanced(self, *stops: str) -> str:
        """Read an expression up to a stop word or an unmatched bracket; return its text."""
        start, depth = self.at, 0
        while self.token.kind != "end":
            word = self.token.upper
            if depth == 0 and (word in stops or word in (")", ";")):
                break
            depth += (word == "(") - (word == ")")
            self.at += 1
        if self.at == start or depth:
            raise syntax_error(self.token)
        return self.text_since(start)

    def parenthesised(self) -> str:
        """Read an expression in parentheses; return the text between them."""
        self.expect("(")
        text = self.balanced()
        self.expect(")")
        return text

    def type(self) -> VType:
        """Read a data type."""
        start = self.at
        if self.token.kind != "word":
            raise syntax_error(self.token)
        word = self.take().upper
        if self.token.upper in TYPE_TAILS.get(word, ()):
            self.at += 1
        if word == "INTERVAL":
            self._interval_range()
        self._type_arguments()
        if word in ("TIME", "TIMESTAMP") and self.token.upper in ("WITH", "WITHOUT"):
            self.at += 1
            self.expect("TIME", "ZONE")
        return parse_type(self.text_since(start))

    def _type_arguments(self) -> None:
        """Step over a length, or a precision and scale."""
        if self.accept("("):
            self.integer()
            if self.accept(","):
                self.integer()
            self.expect(")")

    def _interval_range(self) -> None:
        """Step over the fields of an interval, each with a precision perhaps."""
        self._type_arguments()
        while self.token.upper in INTERVAL_WORDS:
            self.at += 1
            self._type_arguments()
