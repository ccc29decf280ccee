"""Walk over the tokens of one statement."""

from local_vertica.errors import VerticaError
from local_vertica.sql.lexer import Token, tokenize
from local_vertica.sql.words import JOIN_WORDS, NEED_AS, NOT_NAMES


class TokenCursor:
    """A position in the tokens; every method either moves on or leaves it where it was."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.position = 0
        self.parameters = 0

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.position]

    def peek(self, ahead: int = 1) -> Token:
        """Return a token further on, the end token beyond the end."""
        return self.tokens[min(self.position + ahead, len(self.tokens) - 1)]

    def advance(self) -> Token:
        """Return the token to be read next and step over it."""
        token = self.tokens[self.position]
        if token.kind != "end":
            self.position += 1
        return token

    def at(self, *words: str) -> bool:
        """Say whether the next token is one of these keywords or operators."""
        return self.tokens[self.position].word in words

    def at_words(self, *words: str) -> bool:
        """Say whether the next tokens are these keywords in a row."""
        return all(self.peek(i).word == word for i, word in enumerate(words))

    def accept(self, *words: str) -> bool:
        """Step over these keywords in a row if they stand here."""
        if not self.at_words(*words):
            return False
        self.position += len(words)
        return True

    def expect(self, *words: str) -> None:
        """Step over these keywords in a row or refuse the statement."""
        for word in words:
            if self.token.word != word:
                raise self.error()
            self.position += 1

    def error(self) -> VerticaError:
        """Return the refusal of the next token."""
        token = self.token
        shown = self.text[token.start : token.end] or "EOL"
        return VerticaError("42601", f'Syntax error at or near "{shown}"', 4856)

    def at_name(self) -> bool:
        """Say whether an identifier stands here."""
        token = self.token
        return token.kind == "quoted" or (token.kind == "word" and token.word not in NOT_NAMES)

    def name(self) -> str:
        """Return an identifier as written, or refuse the statement."""
        if not self.at_name():
            raise self.error()
        return self.advance().value

    def label(self) -> str:
        """Return the identifier after AS; keywords are names there."""
        if self.token.kind not in ("word", "quoted"):
            raise self.error()
        return self.advance().value

    def alias(self) -> str | None:
        """Return an alias with or without AS if one stands here."""
        if self.accept("AS"):
            # VerticaPy writes AS 'x', so Vertica takes it though its documentation is silent.
            return self.advance().value if self.token.kind == "string" else self.label()
        token = self.token
        if token.kind == "quoted" or (token.kind == "word" and token.word not in NEED_AS):
            return self.advance().value
        return None

    def table_alias(self) -> str | None:
        """Return a table's alias; unlike a column's, it is no keyword even after AS."""
        if self.token.word in JOIN_WORDS:
            raise self.error()
        return self.name() if self.accept("AS") else self.alias()

    def names(self) -> tuple[str, ...]:
        """Return a list of identifiers in parentheses."""
        self.expect("(")
        found = [self.name()]
        while self.accept(","):
            found.append(self.name())
        self.expect(")")
        return tuple(found)

    def qualified(self) -> tuple[str, ...]:
        """Return a dotted name of one to three parts."""
        parts = [self.name()]
        while self.at(".") and len(parts) < 3:
            self.advance()
            parts.append(self.label())
        return tuple(parts)

    def finish(self) -> None:
        """Refuse anything but one closing semicolon."""
        self.accept(";")
        if self.token.kind != "end":
            raise self.error()
