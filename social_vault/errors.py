"""Every error the pipeline raises on purpose.

PipelineError
├── SettingsError           a setting is missing or wrong
├── SourceError             an object is not what it should be: a human must act
│   ├── MissingObjectError  a table that was asked for by name has no object
│   └── RejectLimitError    too many records were refused; nothing of the load was kept
├── StorageError            the object store refused a request
├── WarehouseError          the warehouse refused a statement
│   └── AuditError          an audit found rows that must not be; nothing was committed
├── UnavailableError        a store could not be reached or was busy: worth another try
└── IncompleteRunError      some objects of a run were not loaded; the others were
"""


class PipelineError(Exception):
    """The root: whoever catches it catches everything raised on purpose."""


class SettingsError(PipelineError):
    """A setting is missing or wrong."""


class SourceError(PipelineError):
    """An object is not what it should be: a human must act."""


class MissingObjectError(SourceError):
    """A table that was asked for by name has no object."""


class RejectLimitError(SourceError):
    """Too many records were refused; nothing of the load was kept."""


class StorageError(PipelineError):
    """The object store refused a request."""


class WarehouseError(PipelineError):
    """The warehouse refused a statement."""


class AuditError(WarehouseError):
    """An audit found rows that must not be; nothing was committed."""


class UnavailableError(PipelineError):
    """A store could not be reached or was busy: worth another try."""


class IncompleteRunError(PipelineError):
    """Some objects of a run were not loaded; the others were, and `report` accounts for all."""

    def __init__(self, message: str, report: object) -> None:
        super().__init__(message)
        self.report = report
