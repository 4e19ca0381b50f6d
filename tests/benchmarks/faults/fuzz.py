"""Our own parsers under fire for as long as asked: guided by coverage (atheris), else by chance (hypothesis).

    python -m tests.benchmarks.faults.fuzz [--seconds 60] [--only labels,questions]

atheris is no dependency: install it beside the program (`pip install atheris`) to have it used. Each parser runs in a
process of its own; one line of the table each. What breaks one is kept in a file whose name is told.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_UNIT_S = 20  # one input may take so long; more counts as hanging
_MEMORY_MB = 2_000


def main() -> int:
    """0 when nothing broke."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="for each parser")
    parser.add_argument("--only", default="", help="names of parsers, between commas")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    guided = importlib.util.find_spec("atheris") is not None
    if asked.one:
        return (_by_coverage if guided else _by_chance)(asked.one, asked.seconds, Path(asked.folder))
    from tests.fakes.parsers import PARSERS

    print(f"guided by {'coverage (atheris)' if guided else 'chance (hypothesis)'}, {asked.seconds} s each")
    print("| parser | inputs | coverage | broke |")
    print("|---|---|---|---|")
    broken = 0
    for name in asked.only.split(",") if asked.only else PARSERS:
        folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
        command = [sys.executable, "-m", "tests.benchmarks.faults.fuzz", "--one", name, "--folder", str(folder)]
        done = subprocess.run([*command, "--seconds", str(asked.seconds)], capture_output=True, text=True)
        told = done.stdout + done.stderr
        inputs = re.findall(r"(?:Done|#)\s?(\d+)", told)
        coverage = re.findall(r"cov: (\d+)", told)
        what = "" if done.returncode == 0 else f"yes, see {folder}"
        broken += bool(what)
        print(
            f"| {name} | {max(map(int, inputs), default=0)} | {coverage[-1] if coverage else '-'} | {what} |",
            flush=True,
        )
        if what:
            print("\n".join(told.splitlines()[-25:]), file=sys.stderr)
    return 1 if broken else 0


def _by_coverage(name: str, seconds: int, folder: Path) -> int:
    import atheris  # type: ignore[import-not-found, unused-ignore]

    with atheris.instrument_imports(
        include=["ingest", "matchers", "tomllib", "json", "csv"], enable_loader_override=False
    ):
        from tests.fakes.parsers import PARSERS

    parse, seed = PARSERS[name]
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "sound").write_bytes(seed or _sound(name))
    options = [f"-max_total_time={seconds}", f"-timeout={_UNIT_S}", f"-rss_limit_mb={_MEMORY_MB}", "-max_len=20000"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/", str(corpus)], parse)
    atheris.Fuzz()
    return 0


def _by_chance(name: str, seconds: int, folder: Path) -> int:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    from tests.fakes.parsers import PARSERS

    parse, seed = PARSERS[name]
    whole = seed or _sound(name)
    until, count = time.monotonic() + seconds, 0
    pieces = st.builds(
        lambda at, length, put: whole[:at] + put + whole[at + length :],
        st.integers(0, len(whole)),
        st.integers(0, 40),
        st.binary(max_size=40),
    )

    @settings(max_examples=2_000, deadline=_UNIT_S * 1_000, database=None, suppress_health_check=list(HealthCheck))
    @given(pieces | st.binary(max_size=400))
    def once(data: bytes) -> None:
        nonlocal count
        count += 1
        (folder / "last").write_bytes(data)
        parse(data)

    while time.monotonic() < until:
        once()
    print(f"Done {count}")
    return 0


def _sound(name: str) -> bytes:
    """A sound answer of a worker."""
    from ingest.model import FileOpened, ScanKind
    from ingest.reading.artefact import encode, encode_file
    from tests.fakes.pages import at, page_of

    if name == "page":
        return encode(page_of(at(1, 1, "Patient: OKAFOR, CHIDI"), at(2, 1, "MRN: 00455550")))
    return encode_file(FileOpened(kind=ScanKind.PDF, pages=2))


if __name__ == "__main__":
    sys.exit(main())
