"""Run lanes of tests side by side: `python -m tests.lanes flows library -- -m "not long"`.

What a lane says is shown as it comes, its name before it, and kept in `.local/logs`. The last lines
are how each lane closed and the counts of all together; the exit code is 0 if every lane passed.
With COVERAGE=1 the lines of the product that ran are told, too, and there must be enough of them.
"""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).parents[1]
MEASURED = bool(os.environ.get("COVERAGE"))
LOGS = ROOT / ".local" / "logs"
LANES = {
    "flows": ["tests/flows", "tests/sources"],
    "library": ["tests/unit", "tests/warehouse", "tests/faults"],
    "local-vertica": ["packages/local-vertica/tests"],
}
PRODUCT = {"flows", "library"}
SLOWEST = "--durations=15"
CLOSING = re.compile(r"=* ?(no tests ran|\d+ \w+(, \d+ \w+)*) in \d")  # pytest's last line
COUNT = re.compile(r"(\d+) (passed|failed|error|skipped)")


class Lane:
    """A pytest at work, and what it said."""

    def __init__(self, name: str, options: list[str]) -> None:
        self.name = name
        self.closing = "ended without a word\n"
        tool = ("coverage", "run", "-m") if MEASURED and name in PRODUCT else ()
        self.child = subprocess.Popen(
            [sys.executable, "-u", "-m", *tool, "pytest", *LANES[name], SLOWEST, *options],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            process_group=0,  # a terminal's Ctrl-C would reach pytest and its servers at once
        )
        self.listener = Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        """Show and keep each line."""
        assert self.child.stdout
        with (LOGS / f"test-{self.name}.log").open("w", buffering=1) as log:
            for line in self.child.stdout:
                log.write(line)
                self.show(line)
                if CLOSING.match(line):
                    self.closing = line

    def show(self, line: str) -> None:
        """Print a line behind the lane's name."""
        print(f"{self.name:<13} | {line}", end="", flush=True)

    def wait(self) -> int:
        """Wait for the end and for the last line; return the exit code."""
        code = self.child.wait()
        self.listener.join(10)  # a server that was left behind might hold the pipe open
        return code


def run(names: list[str], options: list[str]) -> int:
    """Run lanes at once until all have ended; return how to exit."""
    LOGS.mkdir(mode=0o700, parents=True, exist_ok=True)
    if MEASURED:
        coverage("erase")
    lanes = [Lane(name, options) for name in names]
    try:
        codes = [lane.wait() for lane in lanes]
    except KeyboardInterrupt:
        stop(lanes)
        return 130
    enough = not MEASURED or covered()
    tell(lanes)
    return int(any(codes) or not enough)


def stop(lanes: list[Lane]) -> None:
    """Let each pytest stop its servers, then end what a test had started and lost."""
    for lane in lanes:
        if lane.child.poll() is None:
            lane.child.send_signal(signal.SIGINT)
    for lane in lanes:
        lane.wait()
        with suppress(ProcessLookupError):
            os.killpg(lane.child.pid, signal.SIGTERM)


def coverage(*words: str) -> bool:
    """Run a command of coverage; tell whether it went well."""
    done = subprocess.run([sys.executable, "-m", "coverage", *words], cwd=ROOT, check=False)
    return done.returncode == 0


def covered() -> bool:
    """Print the lines that no test ran; tell whether they are few enough."""
    return coverage("combine", "--quiet") and coverage("report")


def tell(lanes: list[Lane]) -> None:
    """Print how each lane closed, and the sum of their counts as the last line."""
    total = Counter[str]()
    for lane in lanes:
        lane.show(lane.closing.strip("= \n") + "\n")
        total.update({word: int(count) for count, word in COUNT.findall(lane.closing)})
    failed = total["failed"] + total["error"]
    print(f"{total['passed']} passed, {failed} failed, {total['skipped']} skipped")


def main() -> int:
    """Read which lanes to run, and what to hand to each pytest."""
    # CI starts scripts with Ctrl-C ignored or ends them with TERM; both mean the same here.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    return run(words[:end], words[end + 1 :])


if __name__ == "__main__":
    sys.exit(main())
