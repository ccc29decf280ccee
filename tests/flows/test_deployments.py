"""What prefect.yaml promises a server."""

from pathlib import Path

import pytest
import yaml
from prefect.client.orchestration import get_client
from prefect.flows import load_flow_from_entrypoint
from prefect.schedules import Cron

from deployments import automations, deploy
from social_vault.errors import SettingsError
from social_vault.model.catalogue import catalogue

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "prefect.yaml").read_text(encoding="utf-8")
FILE = yaml.safe_load(TEXT)
DEPLOYMENTS = {
    f"{each['entrypoint'].rsplit('.', 1)[1].replace('_', '-')}/{each['name']}": each
    for each in FILE["deployments"]
}
each_deployment = pytest.mark.parametrize("deployment", DEPLOYMENTS.values(), ids=list(DEPLOYMENTS))


def load(deployment):
    """Return the flow of a deployment, and no placeholder in its place."""
    return load_flow_from_entrypoint(deployment["entrypoint"], use_placeholder_flow=False)


def test_the_deployments_are_these():
    """Names are an interface: automations and people call them."""
    assert sorted(DEPLOYMENTS) == [
        "apply-schema/setup",
        "extract-bonus/bonus",
        "extract-couriers/couriers",
        "extract-orders/orders",
        "food-reports/reports",
        "social-network/manual",
        "social-network/sweep",
    ]


@each_deployment
def test_every_entrypoint_loads_the_flow_it_names(deployment):
    """A placeholder flow hides a broken import until the run; forbid it here."""
    assert load(deployment).name == deployment["entrypoint"].rsplit(".", 1)[1].replace("_", "-")


@each_deployment
def test_every_parameter_is_one_of_the_flow(deployment):
    """A deployment cannot set what its flow does not take."""
    known = load(deployment).parameters.properties

    assert set(deployment.get("parameters", {})) <= set(known)


@each_deployment
def test_one_run_at_a_time_and_none_is_dropped(deployment):
    """A second trigger waits: CANCEL_NEW would lose what it announced."""
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}


def test_who_starts_a_run_by_hand_gets_an_answer():
    """The hourly run asks only where there is something new."""
    parameters = {name: each.get("parameters", {}) for name, each in DEPLOYMENTS.items()}

    assert parameters["social-network/manual"]["always_answer"] is True
    assert "always_answer" not in parameters["social-network/sweep"]


def test_schedules_are_off_until_somebody_switches_them_on():
    """A fresh deployment does nothing by itself."""
    schedules = [each for one in FILE["deployments"] for each in one.get("schedules", [])]

    assert {each["active"] for each in schedules} == {False}
    crons = [Cron(each["cron"], timezone=each["timezone"]).cron for each in schedules]
    assert sorted(crons) == [*["*/15 * * * *"] * 3, "7 * * * *"]


def test_the_file_holds_no_secret_and_no_reference_to_one():
    """References are stored in clear by the server, so there are none."""
    assert "prefect.blocks" not in TEXT
    assert deploy.asked_for(TEXT) == {"SOCIAL_VAULT_BUCKET", "SOCIAL_VAULT_PREFIX"}


def test_the_form_refuses_parameters_out_of_range():
    """The server checks a run's parameters against this schema before the run exists."""
    properties = load(DEPLOYMENTS["social-network/manual"]).parameters.properties

    assert (properties["oldest_groups"]["minimum"], properties["oldest_groups"]["maximum"]) == (
        1,
        1000,
    )
    assert (properties["reject_limit"]["minimum"], properties["reject_limit"]["maximum"]) == (0, 1)
    assert properties["bucket"]["pattern"].startswith("^")
    assert properties["tables"]["anyOf"][0]["items"]["enum"] == [
        table.name for table in catalogue().of_source("")
    ]
    assert "password" not in str(properties).lower()


def test_deploying_without_the_environment_is_refused(monkeypatch, tmp_path):
    """An unset variable would be stored as its own name."""
    monkeypatch.delenv("SOCIAL_VAULT_BUCKET", raising=False)
    monkeypatch.setenv("SOCIAL_VAULT_PREFIX", "")

    with pytest.raises(SettingsError, match="lacks SOCIAL_VAULT_BUCKET: nothing was deployed"):
        deploy.deploy(tmp_path / "log")


@pytest.mark.usefixtures("prefect_server")
def test_an_automation_saved_twice_is_there_once():
    """A second deployment brings it up to date and makes no twin."""
    automations.save(automations.silent_runs())
    automations.save(automations.silent_runs())

    with get_client(sync_client=True) as client:
        saved = client.request("POST", "/automations/filter", json={}).json()
    names = [each["name"] for each in saved]
    assert names.count("social-vault: mark silent runs as crashed") == 1
