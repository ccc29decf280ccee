"""Load a social network's files from S3 into the Data Vault and answer the marketers' question.

Needs, from the environment or from the blocks that a run names:
- Vertica: VERTICA_HOST, VERTICA_DATABASE, VERTICA_USER, VERTICA_PASSWORD (VERTICA_… for the rest),
  or a `VerticaCredentials` block; its tables, which the flow `apply-schema` creates;
- S3: the AWS_… names that boto3 knows (AWS_ENDPOINT_URL_S3 for another than Amazon's),
  or an `AwsCredentials` block; only reading rights are used;
- room for the objects on disk: SOCIAL_VAULT_SPOOL, or where temporary files lie.

Safe to repeat at any time: what the ledger knows is not loaded again, and nothing is cached.
"""

from typing import Annotated

from prefect import flow, get_run_logger
from prefect.runtime import flow_run
from pydantic import Field

from flows.parameters import RUNNER, Bucket, Share, Table
from social_vault.answers.run import Run
from social_vault.answers.run_report import RunReport, complete
from social_vault.landing.objects import ObjectRequest
from social_vault.landing.spool import spool_folder
from social_vault.memory import tame_heap
from social_vault.report.text import render_accounting
from tasks.carrying import carry_objects
from tasks.publication import Outputs, publish
from tasks.run_context import RunContext
from tasks.warehouse import answer, find_new, load_vault

OldestGroups = Annotated[int, Field(ge=1, le=1000)]


@flow(
    name="social-network",
    task_runner=RUNNER,
    persist_result=False,
)
def social_network(  # noqa: PLR0913 - a run's form shows flat parameters
    bucket: Bucket,
    *,
    prefix: str = "",
    keys: list[str] | None = None,
    tables: list[Table] | None = None,
    oldest_groups: OldestGroups = 10,
    reject_limit: Share = 1.0,
    always_answer: bool = False,
    storage_block: str | None = None,
    warehouse_block: str | None = None,
    answer_file: str | None = None,
    picture_file: str | None = None,
) -> RunReport:
    """Load what is new under a prefix, then answer where newcomers start to talk.

    Args:
        bucket: The bucket that holds the files.
        prefix: Only keys that begin so are looked at.
        keys: Only these keys are looked at; one that is not there is an error.
        tables: Only these tables are loaded; one without a file is an error.
        oldest_groups: How many of the oldest groups the answer compares.
        reject_limit: The greatest share of refused records with which an object is still loaded.
        always_answer: Answer and draw the picture also when nothing is new.
        storage_block: An `AwsCredentials` block; none: the environment.
        warehouse_block: A `VerticaCredentials` block; none: the environment.
        answer_file: Where the worker writes the answer as CSV; none: nowhere.
        picture_file: Where the worker writes the picture as PNG; none: nowhere.

    """
    wanted = ObjectRequest(bucket, prefix, keys=tuple(keys or ()), tables=tuple(tables or ()))
    # Who names a file wants it written, new objects or not.
    is_asked = always_answer or answer_file is not None or picture_file is not None
    tame_heap()  # before the threads of the tasks: each would get a heap of its own
    with spool_folder() as folder:
        context = RunContext(flow_run.id, folder, reject_limit, storage_block, warehouse_block)
        news = find_new(wanted, context)
        if news.is_none and not is_asked:
            report = RunReport(known=news.known)
        else:
            outcomes = carry_objects(news.new, context)
            batch = load_vault(context)
            report = answer(Run(news.known, outcomes, batch, oldest_groups), context)
            report = publish(report, Outputs(folder, answer_file, picture_file))
    get_run_logger().info("The run is over.\n\n%s", render_accounting(report))
    # Last, so that a run that lacks an object has told and published all the rest.
    return complete(report)
