"""Measure the service against a plain DuckDB script, interleaved: `make bench SCALE=1 RUNS=5`.

Every ratio is one of medians over runs that took turns. Times decide nothing; they are to be read.
"""

import argparse
import os
import platform
from collections.abc import Callable, Mapping
from statistics import median

from tests.bench import copying
from tests.bench.servers import Figures, Site, lay_out, measured, site, warehouse

PARTS = ("whole", "validate", "copy", "vault", "memory", "idle", "growth", "sources")
GROWTH_LOADS, MEDIAN_OF = 30, 5
IDLE_OBJECTS = (100, 10_000)
OUTBOX_ROWS, DOCUMENTS = 1_000_000, 200_000
Times = dict[str, list[float]]


def main() -> None:
    """Run what was asked for and print a line a ratio."""
    parser = argparse.ArgumentParser("make bench", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--parts", default="whole,validate,copy,vault", help=", ".join(PARTS))
    options = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.machine()}"
    print(f"{machine}, scale {options.scale:g}, {options.runs} runs")
    parts = options.parts.split(",")
    if set(parts) - {"memory"}:
        with site(options.scale) as ground:
            for part in parts:
                if part != "memory":
                    MEASURES[part](ground, options.runs)
    if "memory" in parts:
        memory()


def repeated(runs: int, once: Callable[[], dict[str, float]]) -> Times:
    """Measure so many times; return the figures by name."""
    times: Times = {}
    for _ in range(runs):
        for name, value in once().items():
            times.setdefault(name, []).append(value)
    return times


def show(what: str, times: Times, names: tuple[str, str], target: str) -> None:
    """Print a ratio of medians beside what it should be."""
    mine, theirs = (median(times[name]) for name in names)
    print(
        f"{what}: {mine:.2f} s / {theirs:.2f} s = {mine / theirs:.2f}   (wanted {target})",
        flush=True,
    )


def whole(ground: Site, runs: int) -> None:
    """Measure the whole run, and a second one that finds nothing new."""

    def once() -> dict[str, float]:
        with warehouse() as vertica:
            environment = {**ground.environment, **vertica}
            first = measured("product", ground.prefix, environment=environment)
            second = measured("product", ground.prefix, environment=environment)
        database = ground.data.parent / "yardstick.duckdb"
        database.unlink(missing_ok=True)
        plain = measured("yardstick", str(ground.data), str(database))
        database.unlink(missing_ok=True)
        return {
            "first": first["total"],
            "second": second["total"],
            "yardstick": plain["total"],
            "peak": first["peak_mb"],
            "yardstick peak": plain["peak_mb"],
        }

    times = repeated(runs, once)
    show("whole run / plain DuckDB script", times, ("first", "yardstick"), "≤ 1.5")
    show("nothing new / first run", times, ("second", "first"), "≤ 0.10")
    print(f"  yardstick's peak memory {median(times['yardstick peak']):.0f} MB")


def validate(ground: Site, runs: int) -> None:
    """Measure fetch and validation of the log."""
    arguments = ("validate", str(ground.data), ground.prefix)
    times = repeated(runs, lambda: measured("parts", *arguments, environment=ground.environment))
    show(
        "fetch + validate group_log / the script's",
        times,
        ("ours", "yardstick"),
        "≤ 540/700 = 0.77",
    )
    mine, theirs = (median(times["rows"]) / median(times[n]) / 1000 for n in ("ours", "yardstick"))
    print(f"  {mine:.0f} k rows/s, the script {theirs:.0f} k")


def copy(ground: Site, runs: int) -> None:
    """Measure COPY over the wire, each time into an empty warehouse."""
    files = ground.data.with_name(f"{ground.data.name}-copy")
    copying.prepare(ground.data, files)

    def once() -> dict[str, float]:
        with warehouse() as vertica:
            environment = {**ground.environment, **vertica}
            return measured("copying", str(files), environment=environment)

    times = repeated(runs, once)
    what = "COPY over the wire / DuckDB's COPY"
    show(what, times, ("plain", "plain duckdb"), "≤ 1.6")
    show(f"{what}, 1 % rejected", times, ("rejects", "rejects duckdb"), "≤ 2.5")
    speed = median(times["plain rows"]) / median(times["escapes"]) / 1000
    print(f"  1 % rejected and 10 % with an escape: {speed:.0f} k records/s   (wanted ≥ 300)")


def vault(ground: Site, runs: int) -> None:
    """Measure the vault, each time from an empty one."""

    def once() -> dict[str, float]:
        with warehouse() as vertica:
            environment = {**ground.environment, **vertica}
            return measured("parts", "vault", str(ground.data), environment=environment)

    show("vault / the same SQL in DuckDB", repeated(runs, once), ("ours", "duckdb"), "≤ 1.2")


def memory() -> None:
    """Measure the flow process's peak memory at two scales."""
    for scale in (5.0, 10.0):
        with site(scale) as ground, warehouse() as vertica:
            found = measured(
                "product", ground.prefix, environment={**ground.environment, **vertica}
            )
        print(
            f"peak memory of the flow at scale {scale:g}: {found['peak_mb']:.0f} MB (wanted ≤ 600)",
            flush=True,
        )


def idle(ground: Site, runs: int) -> None:
    """Measure a run that finds nothing new among few and among many known objects."""
    for count in IDLE_OBJECTS:
        with warehouse() as vertica:
            environment = {**ground.environment, **vertica}

            def once(count: int = count, environment: Mapping[str, str] = environment) -> Figures:
                return measured("idle", str(count), environment=environment)

            first, *rest = (once() for _ in range(runs))
        times = {name: [first[name], *(each[name] for each in rest)] for name in first}
        print(
            f"nothing new among {count:,} known objects: {max(times['trips']):.0f} trips "
            f"(wanted ≤ 10), {max(times['requests']):.0f} requests to S3",
            flush=True,
        )
        show("  idle run / empty flow", times, ("idle", "empty"), "≤ 2 s more")


def growth(ground: Site, _runs: int) -> None:
    """Measure a base load and thirty loads of one per cent more, each into what is there."""
    folder = ground.data.with_name(f"{ground.data.name}-growth")
    if not folder.exists():
        measured("growth", str(ground.data), str(folder), str(GROWTH_LOADS))
    with warehouse() as vertica:
        environment = {**ground.environment, **vertica}
        base = measured("product", ground.prefix, environment=environment)["total"]
        loads = []
        for each in sorted(folder.iterdir()):
            prefix = f"growth/{each.name}/"
            lay_out(environment, each, prefix)
            loads.append(measured("product", prefix, environment=environment)["total"])
    first, last = (median(some) for some in (loads[:MEDIAN_OF], loads[-MEDIAN_OF:]))
    print(
        f"1 % more, {len(loads)} times: medians of {MEDIAN_OF}: first {first:.2f} s, last "
        f"{last:.2f} s, ratio {last / first:.2f} (wanted ≤ 1.2); slowest / base load "
        f"{max(loads):.2f} s / {base:.2f} s = {max(loads) / base:.2f} (wanted ≤ 0.15)",
        flush=True,
    )


def sources(ground: Site, runs: int) -> None:
    """Measure how quick an outbox is read and landed, and documents are judged."""
    for part, rows in (("outbox", OUTBOX_ROWS), ("documents", DOCUMENTS)):
        arguments = ("sources", part, str(rows))

        def once(arguments: tuple[str, ...] = arguments) -> Figures:
            return measured(*arguments, environment=ground.environment)

        times = repeated(runs, once)
        speed = rows / median(times["seconds"]) / 1000
        wanted = "≥ 100" if part == "outbox" else "≥ 25"
        print(
            f"{part}: {rows:,} rows, {speed:.0f} k/s (wanted {wanted}), peak memory "
            f"{max(times['peak_mb']):.0f} MB (wanted ≤ 400)",
            flush=True,
        )
        if "again" in times:
            print(f"  nothing new: {median(times['again']):.2f} s (wanted ≤ 2)", flush=True)


MEASURES: dict[str, Callable[[Site, int], None]] = {
    "whole": whole,
    "validate": validate,
    "copy": copy,
    "vault": vault,
    "idle": idle,
    "growth": growth,
    "sources": sources,
}

if __name__ == "__main__":
    main()
