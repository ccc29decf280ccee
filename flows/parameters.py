"""Parameters that several flows have, and what all of them run their tasks with."""

from typing import Annotated, cast

from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from pydantic import AfterValidator, Field

from social_vault.model.catalogue import catalogue, declared_table
from tasks.carrying import WORKERS

Bucket = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]$")]
Table = Annotated[
    str,
    AfterValidator(declared_table),
    # The form offers these: tables that files feed.
    Field(json_schema_extra={"enum": [table.name for table in catalogue().of_source("")]}),
]
Share = Annotated[float, Field(ge=0, le=1)]
RUNNER = cast("TaskRunner[PrefectFuture[object]]", ThreadPoolTaskRunner(max_workers=WORKERS))
