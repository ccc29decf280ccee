"""What the server does about runs that fail, crash or fall silent.

    uv run python deployments/automations.py [NOTIFICATION_BLOCK_ID]

A run whose heartbeat stops is marked Crashed; the next sweep does its work. With the id of a
notification block (Slack, e-mail …), failed and crashed runs are told to a human.
"""

import sys
from datetime import timedelta
from uuid import UUID

from prefect.automations import Automation
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, SendNotification
from prefect.events.schemas.automations import EventTrigger, Posture

from social_vault.commands import log_of, run_command
from social_vault.errors import SettingsError
from tasks.reachability import reached_prefect

# Other runs of the server are no business of ours: only those with our tag.
OURS = {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.social-vault"}
EVERY_RUN = {"prefect.resource.id": "prefect.flow-run.*"}


def silent_runs() -> Automation:
    """Mark a run Crashed, as nobody else will, when its heartbeat stops for nine minutes."""
    return Automation(
        name="social-vault: mark silent runs as crashed",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={
                "prefect.flow-run.heartbeat",
                "prefect.flow-run.Completed",
                "prefect.flow-run.Failed",
                "prefect.flow-run.Cancelled",
                "prefect.flow-run.Crashed",
            },
            match=EVERY_RUN,
            match_related=OURS,
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(minutes=9),  # three heartbeats: one that is lost is no alarm
        ),
        actions=[
            ChangeFlowRunState(state=StateType.CRASHED, message="No heartbeat for 9 minutes.")
        ],
    )


def unhappy_runs(block: UUID) -> Automation:
    """Tell a human about failed and crashed runs by a notification block."""
    return Automation(
        name="social-vault: tell of failed and crashed runs",
        trigger=EventTrigger(
            expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
            match=EVERY_RUN,
            match_related=OURS,
            for_each={"prefect.resource.id"},
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=[
            SendNotification(
                block_document_id=block,
                subject="{{ flow.name }}: {{ flow_run.state.name }}",
                body="{{ flow_run.name }}: {{ flow_run.state.message }}",
            )
        ],
    )


def save(automation: Automation) -> None:
    """Create the automation, or bring the one of this name up to date."""
    try:
        # By name: to create it a second time would act twice on each event.
        automation.id = Automation.read(name=automation.name).id
    except ValueError:
        automation.create()
    else:
        automation.update()
    print(f"Saved the automation {automation.name!r}.")


def save_all(block: str | None = None) -> None:
    """Save what can be saved with what was given."""
    try:
        notified = UUID(block) if block else None
    except ValueError:
        raise SettingsError(f"{block} is not the id of a block: expected a UUID.") from None
    with reached_prefect():
        save(silent_runs())
        if notified:
            save(unhappy_runs(notified))


def main() -> int:
    """Save the automations; what fails ends with one sentence."""
    return run_command(lambda: save_all(*sys.argv[1:2]), log_of("automations"))


if __name__ == "__main__":
    raise SystemExit(main())
