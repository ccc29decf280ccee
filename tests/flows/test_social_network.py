"""The flow from S3 to the answer, on a real Prefect API, a real S3 and the local Vertica."""

import csv
import json
from dataclasses import replace

import boto3
import pytest
from prefect.client.orchestration import get_client
from prefect.exceptions import ParameterTypeError
from prefect.logging.handlers import APILogHandler

from deployments import register_blocks
from flows.apply_schema import apply_schema
from flows.social_network import social_network
from local.s3 import BUCKET
from social_vault.answers.run_report import RunReport
from social_vault.errors import IncompleteRunError, MissingObjectError, SettingsError
from social_vault.landing.objects import ObjectRequest
from social_vault.landing.spool import spool_folder
from social_vault.loading.loads import Totals
from tasks.records import validate_object
from tasks.run_context import RunContext
from tasks.storage import fetch_object
from tasks.warehouse import find_new, stage_object

pytestmark = pytest.mark.usefixtures("prefect_server")

CANARY = "canary-text-of-a-private-message"
USERS = """id,chat_name,registration_dt,country,age
1,Анна,2020-09-03 10:00:00,RU,34
2,Борис,2020-09-03 10:00:00.5,RU,34.0
3,Вера,2020-09-04 10:00:00,KZ,
4,Глеб,2020-09-04 10:00:00,KZ,19

5,Дина,2020-09-04 10:00:00,KZ,34.5
"""
GROUPS = """id,admin_id,group_name,registration_dt,is_private
0,1,утки,2020-10-01 00:00:00.000001,0
1,2,"лодки, сети",2020-10-02 00:00:00,1.0
"""
LOG = """group_id,user_id,user_id_from,event,datetime
0,1,,create,2020-10-01 00:00:00
0,2,1,add,2020-10-01 01:00:00
0,3,1,add,2020-10-01 02:00:00
0,3,1,add,2020-10-01 02:00:00
1,4,2,add,2020-10-02 02:00:00
1,77,2,add,2020-10-02 03:00:00
1,4,2,dance,2020-10-02 04:00:00
"""
DIALOGS = f"""message_id,message_ts,message_from,message_to,message,message_group
10,2020-11-01 00:00:00,2,3,"{CANARY}, ""привет""
и \\ ещё",0
11,2019-01-01 00:00:00,1,2,,0
12,2020-11-01 00:00:00,4,2,x,
13,2020-11-01 00:00:00,4
"""
FILES = {"users": USERS, "groups": GROUPS, "group_log": LOG, "dialogs": DIALOGS}
COUNTS = {  # read, accepted, rejected, blank
    "users": (6, 4, 1, 1),
    "groups": (2, 2, 0, 0),
    "group_log": (7, 5, 2, 0),
    "dialogs": (4, 3, 1, 0),
}


@pytest.fixture
def upload(services):
    """Put texts into the bucket under a prefix."""
    client = boto3.client("s3")

    def put(prefix, files):
        for table, text in files.items():
            client.put_object(Bucket=BUCKET, Key=f"{prefix}{table}.csv", Body=text.encode())

    return put


@pytest.fixture
def schemas(services, monkeypatch, request):
    """Give the test schemas of its own, with the tables in them."""
    name = request.node.name.split("[")[0][:60]
    monkeypatch.setenv("VERTICA_STAGING_SCHEMA", f"stg_{name}")
    monkeypatch.setenv("VERTICA_DWH_SCHEMA", f"dwh_{name}")
    apply_schema()


@pytest.fixture
def spool(tmp_path, monkeypatch):
    """Give the run a spool that the test can look into."""
    monkeypatch.setenv("SOCIAL_VAULT_SPOOL", str(tmp_path / "spool"))
    yield tmp_path / "spool"
    assert list((tmp_path / "spool").iterdir()) == []  # on every way out


def counts(report):
    """Return read, accepted, rejected and blank by table."""
    return {f.table: (f.read, f.accepted, f.rejected, f.blank) for f in report.files}


def artifacts():
    """Return the newest artifact of each key that the Prefect API knows."""
    with get_client(sync_client=True) as client:
        found = client.request("POST", "/artifacts/latest/filter", json={}).json()
    return {each["key"]: each["data"] for each in found}


def everything_told():
    """Return all that the Prefect API knows of runs, page by page, as one text."""
    APILogHandler().flush()
    with get_client(sync_client=True) as client:
        pages = [
            page
            for kind in ("flow_runs", "task_runs", "logs", "artifacts")
            for page in pages_of(client, kind)
        ]
        events = client.request("POST", "/events/filter", json={"limit": 50}).json()
        pages.append(events["events"])
    return json.dumps(pages, ensure_ascii=False)


def pages_of(client, kind):
    """Yield everything of one kind, as many at a time as the API gives."""
    offset = 0
    while page := client.request(
        "POST", f"/{kind}/filter", json={"limit": 200, "offset": offset}
    ).json():
        yield page
        offset += len(page)


def test_files_become_an_answer_and_a_second_run_changes_nothing(upload, schemas, spool, tmp_path):
    """Every record is accounted for, the answer is right, and repeating is harmless."""
    upload("first/", FILES)
    answer_file, picture = tmp_path / "answer.csv", tmp_path / "answer.png"

    first = social_network(
        BUCKET, prefix="first/", answer_file=str(answer_file), picture_file=str(picture)
    )
    second = social_network(BUCKET, prefix="first/", always_answer=True)

    assert counts(first) == COUNTS
    assert {file.status for file in first.files} == {"new"}
    assert second.files == ()
    assert second.known == Totals(4, 0, *map(sum, zip(*COUNTS.values(), strict=True)))
    assert first.added["h_users"] == 5  # four delivered ones, and 77, who is only named
    assert (first.unknown["users"], first.unknown["groups"]) == (1, 0)
    assert second.is_idle
    assert second.answer == first.answer
    figures = [
        (row["group_id"], row["cnt_added_users"], row["cnt_users_in_group_with_messages"])
        for row in first.answer
    ]
    assert figures == [(0, 2, 2), (1, 2, 0)]
    assert first.answer[0]["cnt_added_users_with_messages"] == 1
    with answer_file.open(encoding="utf-8", newline="") as file:
        assert [row["group_name"] for row in csv.DictReader(file)] == ["утки", "лодки, сети"]
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_dashboard_shows_answer_picture_and_accounting(upload, schemas, spool):
    """Three artifacts say it all; each is what the dashboard can draw."""
    upload("shown/", FILES)

    social_network(BUCKET, prefix="shown/")

    shown = artifacts()
    table = json.loads(shown["group-conversion"])
    assert [row["group_name"] for row in table] == ["утки", "лодки, сети"]
    assert shown["group-conversion-picture"].startswith("data:image/png;base64,iVBOR")
    summary = shown["social-network-run"]
    assert "| users | age: not an integer | 1 |" in summary
    assert "| shown/group\\_log.csv | group\\_log | new | 7 | 5 | 2 | 0 |" in summary


def test_a_refused_file_lets_the_others_go_on(upload, schemas, spool):
    """A wrong header is told in the report, and is no failure unless a limit says so."""
    upload("refused/", {**FILES, "groups": "id;group_name\n1;x\n"})

    report = social_network(BUCKET, prefix="refused/")

    status = {file.table: file.status for file in report.files}
    assert status == {"users": "new", "groups": "refused", "group_log": "new", "dialogs": "new"}
    assert counts(report)["groups"] == (1, 0, 1, 0)
    again = social_network(BUCKET, prefix="refused/")
    assert (again.files, again.known.objects, again.known.refused) == ((), 4, 1)


def test_a_failed_object_stops_no_other_and_the_run_names_it(upload, schemas, spool):
    """What is good is loaded; the run fails with one sentence that names what is not."""
    upload("limited/", {**FILES, "users": "id;age\n1;x\n"})

    with pytest.raises(IncompleteRunError, match=r"^1 of 4 .* limited/users.csv: ") as failure:
        social_network(BUCKET, prefix="limited/", reject_limit=0.9)

    report = failure.value.report
    assert {file.table: file.status for file in report.files if file.status != "new"} == {
        "users": "failed"
    }
    assert report.added["h_groups"] == 2


def test_a_table_asked_for_by_name_must_be_there(upload, schemas, spool):
    """Nothing is loaded in place of what was asked for."""
    upload("missing/", {"users": USERS})

    with pytest.raises(MissingObjectError, match="group"):
        social_network(BUCKET, prefix="missing/", tables=["users", "groups"])

    report = social_network(BUCKET, prefix="missing/")
    assert counts(report) == {"users": COUNTS["users"]}


def test_an_empty_prefix_gives_an_empty_report(upload, schemas, spool):
    """Nothing to load is no failure."""
    report = social_network(BUCKET, prefix="nothing-here/")

    assert report == RunReport()


def test_a_run_that_finds_nothing_asks_and_draws_nothing(upload, schemas, spool, monkeypatch):
    """It costs a listing and a look into the ledger; asked to, it answers all the same."""
    upload("idle/", FILES)
    social_network(BUCKET, prefix="idle/")
    before = artifacts()

    idle = social_network(BUCKET, prefix="idle/")

    assert (idle.answer, idle.picture) == (None, None)
    assert artifacts() == before
    assert len(social_network(BUCKET, prefix="idle/", always_answer=True).answer) == 2


def test_what_a_killed_run_left_in_staging_is_taken_by_the_next(upload, schemas, spool):
    """A run that finds no new object looks for loads that are not in the vault yet, too."""
    upload("left/", FILES)
    context = RunContext("a run that was killed", spool, 1.0, None, None)
    spool.mkdir()
    with spool_folder() as folder:
        context = replace(context, folder=folder)
        news = find_new.fn(ObjectRequest(BUCKET, "left/"), context)
        for each in news.new:
            spooled = fetch_object.fn(each, context)
            stage_object.fn(spooled, validate_object.fn(spooled, context), context)

    report = social_network(BUCKET, prefix="left/")

    assert (report.files, report.known.objects) == ((), 4)
    assert report.added["h_users"] == 5


def test_absent_tables_are_told_with_their_cure(upload, spool, monkeypatch):
    """Whoever forgot the schema learns which flow makes it, before anything is fetched."""
    monkeypatch.setenv("VERTICA_DWH_SCHEMA", "never_made")
    upload("absent/", {"users": USERS})

    with pytest.raises(SettingsError, match="apply-schema"):
        social_network(BUCKET, prefix="absent/")


def test_blocks_take_the_place_of_the_environment(upload, schemas, spool, monkeypatch):
    """A worker without any connection data runs with the blocks a run names."""
    upload("blocks/", FILES)
    register_blocks.save_blocks("flow-test")
    for name in list(register_blocks.os.environ):
        if name.startswith(("VERTICA_", "AWS_")) and not name.endswith("DEFAULT_REGION"):
            monkeypatch.delenv(name)

    report = social_network(
        BUCKET, prefix="blocks/", storage_block="flow-test", warehouse_block="flow-test"
    )

    assert counts(report) == COUNTS


@pytest.mark.parametrize(
    "wrong",
    [{"oldest_groups": 0}, {"reject_limit": 1.5}, {"tables": ["members"]}, {"bucket": "{{ $B }}"}],
    ids=str,
)
def test_parameters_out_of_range_are_refused(wrong):
    """A typing error ends the run before it has begun."""
    with pytest.raises(ParameterTypeError):
        social_network(**{"bucket": BUCKET, **wrong})


@pytest.mark.usefixtures("schemas", "spool")
def test_no_secret_and_no_private_word_leaves_for_the_server(upload, services, caplog):
    """Passwords, keys and messages are in no log, state, parameter, event or artifact."""
    caplog.set_level("INFO")
    upload("private/", {**FILES, "users": "id\n"})

    with pytest.raises(IncompleteRunError):
        social_network(BUCKET, prefix="private/", reject_limit=0.9)

    told = everything_told() + caplog.text
    assert told.count("private/users.csv") > 2  # the scan does see what was told
    for secret in (*services.secrets, CANARY, "Анна"):
        assert secret not in told
