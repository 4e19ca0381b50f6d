"""How often the bound of the second looks is right: thousands of simulated months, a table in Markdown.

python -m tests.benchmarks.second_look.run [--months 2000] [--seed 1]
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.benchmarks.second_look.months import RATES, Site, simulate

SITES = (
    Site(name="3,000 a month, 1 %", decisions=3_000, layouts=20, share=0.01),
    Site(name="3,000 a month, 10 %", decisions=3_000, layouts=20, share=0.10),
    Site(name="8,000 a month, 20 %", decisions=8_000, layouts=25, share=0.20),
    Site(name="3,000 a month, 10 %, of which a tenth waits", decisions=3_000, layouts=20, share=0.10, looked=0.9),
    Site(name="200 a month, 50 %", decisions=200, layouts=10, share=0.50),
)
PROMISED = 0.95


def main() -> None:
    """Exit status 1 when a bound is right less often than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--rates", type=float, nargs="*", default=[*RATES, 0.03])
    chosen = parser.parse_args()
    print("| site, share looked at again | wrong | lie | covered | mean bound | mean estimate |")
    print("|---|---|---|---|---|---|")
    failed = 0
    for place, site in enumerate(SITES):
        begun = time.monotonic()
        for (pattern, rate), tally in simulate(
            site, chosen.months, rates=chosen.rates, seed=chosen.seed + place
        ).items():
            covered = tally.covered / tally.months
            failed += covered < PROMISED
            print(
                f"| {site.name} | {rate:g} | {pattern} | {covered:.2%} "
                f"| {tally.bounds / tally.months:.3%} | {tally.estimates / tally.months:.4%} |",
                flush=True,
            )
        print(f"{site.name}: {chosen.months} months in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    print(f"{failed} below {PROMISED:.0%}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
