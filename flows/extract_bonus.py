"""Read the bonus system's ranks, users and events into the Data Vault.

What changed there becomes the next objects of the source's chains in S3, and from there goes the
same way as files. Needs, from the environment or from the blocks that a run names:
- the bonus system's PostgreSQL: PG_ORIGIN_BONUS_SYSTEM_CONNECTION, an address as libpq takes it,
  or a `PostgresCredentials` block;
- S3, with the right to write below `sources/`, and Vertica, as the flow `social-network` does.

Safe to repeat at any time: a chain's last object says how far its source was read.
"""

from prefect import flow
from prefect.runtime import flow_run

from flows.parameters import RUNNER, Bucket, Share
from social_vault.answers.run_report import RunReport
from social_vault.landing.spool import spool_folder
from social_vault.memory import tame_heap
from tasks.bringing_in import bring_in
from tasks.extraction import Extraction
from tasks.run_context import RunContext


@flow(name="extract-bonus", task_runner=RUNNER, persist_result=False)
def extract_bonus(  # noqa: PLR0913 - a run's form shows flat parameters
    bucket: Bucket,
    *,
    prefix: str = "",
    reject_limit: Share = 1.0,
    source_block: str | None = None,
    storage_block: str | None = None,
    warehouse_block: str | None = None,
) -> RunReport:
    """Read the bonus system's ranks, users and events into the Data Vault.

    Args:
        bucket: The bucket that holds the chains.
        prefix: Under which prefix of it they lie: `<prefix>/sources/bonus/`.
        reject_limit: The greatest share of refused records with which an object is still loaded.
        source_block: A `PostgresCredentials` block; none: the environment.
        storage_block: An `AwsCredentials` block; none: the environment.
        warehouse_block: A `VerticaCredentials` block; none: the environment.

    """
    blocks = storage_block, warehouse_block, source_block
    tame_heap()  # before the threads of the tasks: each would get a heap of its own
    with spool_folder() as folder:
        context = RunContext(flow_run.id, folder, reject_limit, *blocks)
        return bring_in(Extraction("bonus", bucket, prefix), context)
