"""Run the jobs, and print a table with ratios and goals: `python -m benchmarks`.

The first run makes the environments, which takes some minutes. Then, for instance:

    python -m benchmarks --jobs 'chunk*' --rounds 5
    python -m benchmarks --jobs call --jobs call-async --quick
    python -m benchmarks --instructions --jobs 'c*'   # on a machine that has other things to do
    python -m benchmarks --peers --json all.json --plot all.svg
"""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from pathlib import Path

from . import environments, instructions, plot, report, rounds, server
from .jobs import JOBS, PEERS, Job
from .processes import Place


def main() -> None:
    """Measure, and print a Markdown table."""
    given = _arguments()
    if given.list:
        print("\n".join(f"{job.name:22}{job.what}" for job in JOBS))
        return
    jobs = rounds.chosen(given.jobs or ["*"])
    if not jobs:
        raise SystemExit("No job has such a name; `--list` shows all.")
    ways = {"floor", "ours", "openai", "json", *(PEERS if given.peers else ())}
    folder = given.environments.resolve()
    made = {"lean": environments.make(folder, "lean")}
    if environments.has_fast():
        made["fast"] = environments.make(folder, "fast")
        ways.add("fast")
    if given.peers:
        made["peers"] = environments.make(folder, "peers")
    times = 3 if given.quick else given.rounds
    versions = made["lean"].versions(("openai", "httpx", "httpx2", "pydantic_core"))
    certificates = environments.certificates(folder, made["lean"])
    with server.running(made["lean"].python, certificates) as address:
        place = Place(address, made, certificates)
        results = instructions.countable(jobs) if given.instructions else []
        with suppress(KeyboardInterrupt):  # what has been measured until then is shown
            if given.instructions:
                instructions.count(place, results, ways)
            else:
                jobs = [_quick(job) for job in jobs] if given.quick else jobs
                for result in rounds.measure(place, jobs, ways, times):
                    results.append(result)  # one by one, to be kept
    print(report.heading(times, versions, counted=given.instructions), end="\n\n")
    print(report.table(results))
    if given.json:
        given.json.write_text(report.as_json(results, times, versions), encoding="utf-8")
    if given.plot:
        given.plot.write_text(plot.svg(results), encoding="utf-8")
    if any(not result.values for result in results):
        raise SystemExit(1)


def _quick(job: Job) -> Job:
    """Less of it, where it can be done in parts."""
    least = {"answer_async": 100, "stream": job.chunks, "stream_async": 100 * job.chunks}
    count = max(job.times // 5, least.get(job.act, 1))
    return job if job.is_program or job.is_fresh else job._replace(times=count)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        prog="python -m benchmarks",
    )
    option = parser.add_argument
    option("--rounds", type=int, default=7, help="rounds, whose median counts (7)")
    option("--jobs", action="append", metavar="GLOB", help="only these; may be given again")
    option("--list", action="store_true", help="show the names of the jobs")
    option("--quick", action="store_true", help="three rounds, and less in each")
    option("--instructions", action="store_true", help="count instructions, not time")
    option("--peers", action="store_true", help="google-genai and litellm, too")
    option("--json", type=Path, metavar="FILE", help="write everything that was measured")
    option("--plot", type=Path, metavar="FILE", help="draw the ratios, as SVG")
    kept = Path(__file__).parents[1] / ".benchmarks"
    option("--environments", type=Path, default=kept, metavar="DIR", help="where they are kept")
    if sys.platform == "win32":
        parser.error("the benchmarks need a Unix")
    return parser.parse_args()


if __name__ == "__main__":
    main()
