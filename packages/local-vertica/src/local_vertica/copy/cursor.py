"""A walk over the tokens of a COPY statement."""

from local_vertica.errors import VerticaError
from local_vertica.sql.lexer import Token, tokenize


class TokenCursor:
    """The tokens of one statement and a place among them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.place = 0

    @property
    def token(self) -> Token:
        """Return the token at hand."""
        return self.tokens[self.place]

    def at(self, *words: str) -> bool:
        """Tell whether these keywords or signs come next."""
        ahead = self.tokens[self.place : self.place + len(words)]
        return tuple(token.word for token in ahead) == words

    def take(self, *words: str) -> bool:
        """Pass these keywords if they come next; tell whether they did."""
        found = self.at(*words)
        if found:
            self.place += len(words)
        return found

    def expect(self, *words: str) -> None:
        """Pass these keywords or refuse the statement."""
        for word in words:
            if not self.take(word):
                raise self.refusal()

    def name(self) -> str:
        """Pass an identifier and return it."""
        if self.token.kind not in ("word", "quoted"):
            raise self.refusal()
        return self.step().value

    def string(self) -> str:
        """Pass a string literal and return its meaning."""
        if self.token.kind != "string":
            raise self.refusal()
        return self.step().value

    def integer(self) -> int:
        """Pass an unsigned integer and return it."""
        if self.token.kind != "number" or not self.token.value.isdigit():
            raise self.refusal()
        return int(self.step().value)

    def step(self) -> Token:
        """Pass one token and return it."""
        token = self.token
        self.place += 1
        return token

    def span(self) -> str:
        """Pass an expression up to a comma or bracket that is not its own; return its text."""
        start, depth = self.token.start, 0
        end = start
        while self.token.kind != "end":
            word = self.token.word
            if depth == 0 and word in (",", ")"):
                break
            depth += (word in ("(", "[")) - (word in (")", "]"))
            end = self.step().end
        if end == start:
            raise self.refusal()
        return self.text[start:end]

    def refusal(self) -> VerticaError:
        """Return the syntax error for the token at hand."""
        token = self.token
        shown = self.text[token.start : token.end] or "EOL"
        message = f'Syntax error at or near "{shown}" at character {token.start + 1}'
        return VerticaError("42601", message, 4856)
