"""Why a single record cannot be loaded."""


class RefusalError(Exception):
    """A record breaks a rule; the text is what the reject table says."""

    @property
    def reason(self) -> str:
        """Return the reason as the reject table has it."""
        return str(self.args[0])
