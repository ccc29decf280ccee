"""Every error the pipeline raises on purpose: the families say whose matter it is.

PipelineError                   what must hold did not: a bug of ours                        exit 1
├── SettingsError               yours: a setting, a name or a right is missing or wrong      exit 2
│   ├── StorageError            the object store refused a request
│   └── WarehouseSetupError     the warehouse lacks a right or a table that is needed
├── DataError                   the data's: a human must look at it                          exit 3
│   ├── SourceError             an object is not what it should be
│   │   ├── MissingObjectError  a table that was asked for by name has no object
│   │   └── RejectLimitError    too many records were refused; nothing of the load was kept
│   ├── AuditError              an audit found rows that must not be; nothing was committed
│   └── IncompleteRunError      some objects of a run were not loaded; the others were
├── UnavailableError            out of reach: a store or the Prefect server; try again       exit 4
├── WorkerError                 the worker's: its disk or its output took no more            exit 5
└── WarehouseError              the warehouse refused a statement that it should take        exit 1

Every command ends with the exit code of its error, 0 if it did what it was asked for, 1 after an
error that nobody foresaw, 2 (as argparse does) for a wrong command line, 130 after Ctrl-C. A run
of which some objects failed ends with the code of the most pressing failure among them.
"""

from collections.abc import Iterable
from typing import ClassVar

MOST_PRESSING = (1, 5, 2, 3, 4)  # what goes away by itself counts last


class PipelineError(Exception):
    """The root: whoever catches it catches everything raised on purpose."""

    exit_code: ClassVar[int] = 1


class SettingsError(PipelineError):
    """A setting, a name or a right is missing or wrong: the user's to mend."""

    exit_code = 2


class StorageError(SettingsError):
    """The object store refused a request."""


class WarehouseSetupError(SettingsError):
    """The warehouse lacks a right, a schema or a table that the pipeline needs."""


class DataError(PipelineError):
    """The data are not what they should be: a human must look at them."""

    exit_code = 3


class SourceError(DataError):
    """An object is not what it should be: a human must act."""


class MissingObjectError(SourceError):
    """A table that was asked for by name has no object."""


class RejectLimitError(SourceError):
    """Too many records were refused; nothing of the load was kept."""


class AuditError(DataError):
    """An audit found rows that must not be; nothing was committed."""


class UnavailableError(PipelineError):
    """A store or the Prefect server could not be reached or was busy: worth another try."""

    exit_code = 4


class WorkerError(PipelineError):
    """The disk or the output of the machine that does the work took no more."""

    exit_code = 5


class WarehouseError(PipelineError):
    """The warehouse refused a statement that it should take."""


class IncompleteRunError(DataError):
    """Some objects of a run were not loaded; the others were, and `report` accounts for all."""

    def __init__(self, message: str, report: object, codes: Iterable[int] = ()) -> None:
        super().__init__(message)
        self.report = report
        self.codes = frozenset(codes)


def exit_code_of(error: BaseException) -> int:
    """Tell the family of an error as the exit code of a command; what is not ours is a bug."""
    if isinstance(error, IncompleteRunError):
        return next((code for code in MOST_PRESSING if code in error.codes), error.exit_code)
    return error.exit_code if isinstance(error, PipelineError) else 1
