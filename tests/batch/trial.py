"""A thousand zones, some broken, some deadly, and a cluster whose workers are killed: nothing is lost or mistaken.

usage: trial.py [--zones N] [--kills N]

Of N zones (1,000) five are broken and three kill the process that draws them: the others are made, exactly the
eight are named, the end is 3, and the second run makes none again. Then a batch is made on a cluster N times (20),
each time with one of its two workers killed at a random moment: each is complete and, byte for byte, the local one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from loopback import certificates, for_batch, loopback
from many_zones import command, contents, environment, write_zones

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loopback import Loopback

BROKEN, DEADLY = 5, 3
ON_CLUSTER = 12
"""Zones of a batch on the cluster: some seconds, so that a worker is killed while it works."""
SEED = 20310504


def batch(*arguments: object, hook: Path | None = None) -> tuple[int, dict[str, Any], float]:
    """Run a batch; return its exit code, what it answers, and the seconds it took."""
    start = time.monotonic()
    done = subprocess.run(
        command(*arguments, "--json"), capture_output=True, text=True, env=environment(hook), check=False
    )
    answer = json.loads(done.stdout) if done.stdout else {"message": done.stderr}
    return done.returncode, answer, time.monotonic() - start


def one_machine(folder: Path, count: int) -> Iterator[str]:
    """Yield what is not as it should be with a batch of this machine."""
    zones, output, hook = folder / "zones", folder / "output", folder / "hook"
    bad = write_zones(zones, count, broken=BROKEN, deadly=DEADLY)
    for made, up_to_date in ((count - len(bad), 0), (0, count - len(bad))):
        code, answer, seconds = batch(zones, "-o", output, hook=hook)
        print(f"{count} zones: {answer.get('made')} made, {answer.get('up_to_date')} up to date, "
              f"{answer.get('failed')} failed, exit {code}, {seconds:.1f} s", flush=True)  # fmt: skip
        named = {Path(failure["subject"].split(": ")[0]).name for failure in answer.get("failures", [])}
        if named != bad or len(answer.get("failures", [])) != len(bad):
            yield f"named were {sorted(named)} instead of {sorted(bad)}"
        if (code, answer.get("made"), answer.get("up_to_date")) != (3, made, up_to_date):
            yield f"exit {code}, {answer}"
    if len(contents(output)) != 2 * (count - len(bad)) + 2:
        yield f"{len(contents(output))} files in the output"


def on_cluster(folder: Path, kills: int) -> Iterator[str]:
    """Yield what is not as it should be with batches whose workers are killed."""
    random = Random(SEED)
    zones = folder / "few"
    write_zones(zones, ON_CLUSTER)
    batch(zones, "-o", folder / "here", "-j", 1)
    with loopback(folder, 2, environment()) as cluster:
        code, answer, seconds = batch(
            zones, "-o", folder / "whole", *for_batch(cluster.address, cluster.options)
        )
        print(f"cluster: {ON_CLUSTER} zones in {seconds:.1f} s, exit {code}", flush=True)
        if contents(folder / "whole") != contents(folder / "here"):
            yield f"the cluster makes other files than this machine: {code} {answer}"
        same = 0
        for number in range(kills):
            faults = list(_killed(cluster, zones, folder, number, random.uniform(0.8, seconds)))
            same += not faults
            yield from faults
        print(f"cluster: {same} of {kills} batches complete and the same, a worker killed in each")
        code, answer, _ = batch(
            zones, "-o", folder / "foreign", *for_batch(cluster.address, certificates(folder, "foreign"))
        )
        print(f"cluster: without its certificate: exit {code}, {str(answer.get('message')).splitlines()[:1]}")
        if code != 1 or contents(folder / "foreign").keys() != {".batch.lock"}:
            yield f"a client without the certificate was not refused: {code} {answer}"


def _killed(cluster: Loopback, zones: Path, folder: Path, number: int, after: float) -> Iterator[str]:
    """Run a batch, kill a worker meanwhile and replace it; yield what is wrong with what was made."""
    output = folder / f"killed-{number}"
    program = command(zones, "-o", output, *for_batch(cluster.address, cluster.options))
    with subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment()
    ) as run:
        time.sleep(after)
        cluster.kill_worker(number % len(cluster.workers))
        cluster.add_worker()
        said, _ = run.communicate(timeout=300)
    if run.returncode or contents(output) != contents(folder / "here"):
        yield f"killed after {after:.1f} s: exit {run.returncode}, {said.decode()}"


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--zones", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    asked = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="zonereport-trial-") as name:
        faults = [*one_machine(Path(name), asked.zones), *on_cluster(Path(name), asked.kills)]
    for fault in faults:
        print(f"trial: {fault}", file=sys.stderr)
    print(f"trial: {len(faults)} faults found, after {time.monotonic() - start:.0f} s")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
