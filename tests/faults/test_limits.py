"""Each limit of a worker, met by a file that exceeds it: it ends within it, its bytes are kept, the daemon lives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.running.site import open_site
from tests.e2e.conftest import House
from tests.fakes import scripted
from tests.fakes.bombs import BOMBS
from tests.fakes.engines import Greed
from tests.fakes.paper import lab_report
from tests.faults.hostile_run import Ended, hostile_site, run_watch

WAIT_S = 300.0  # a bound on hanging, no measure of speed
LONG_S = "120.0"  # so that another limit is met first


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """A file beyond a limit, and what must become of it."""

    name: str
    make: Callable[[Path], object]
    state: str
    reason: str


def bomb(name: str) -> Callable[[Path], object]:
    (found,) = (bomb for bomb in BOMBS if bomb.name == name)
    return lambda path: path.write_bytes(found.make())


def greedy(greed: Greed) -> Callable[[Path], object]:
    return lambda path: scripted.save((scripted.page(greed.rows),), path)


def drawn(width: int, height: int) -> Callable[[Path], object]:
    return lambda path: Image.new("L", (width, height), 255).save(path)


def noise(path: Path) -> None:
    """A picture that no packing makes smaller: 5.85 MB."""
    picture = np.random.default_rng(7).integers(0, 255, (1500, 1300, 3), dtype=np.uint8)
    Image.fromarray(picture).save(path)


def noisy_report(width: int, height: int, *, transparent: bool = False) -> Callable[[Path], object]:
    """A page that is read and filed, its picture hard to pack; a transparent one has to be packed anew."""

    def make(path: Path) -> None:
        report = lab_report("OKAFOR, CHIDI", "07/25/1984", "00455550").convert("L").resize((width, height))
        picture = np.repeat(np.asarray(report)[:, :, np.newaxis] & 0xF8, 3, axis=2)
        picture |= np.random.default_rng(7).integers(0, 8, picture.shape, dtype=np.uint8)
        drawn = Image.fromarray(picture)
        if transparent:
            drawn.putalpha(255)
        drawn.save(path, compress_level=1)

    return make


def many_pages(path: Path) -> None:
    scripted.save(tuple(scripted.page(scripted.NOBODY, salt=number) for number in range(4)), path)


def beyond(house: House, *files: Beyond) -> Ended:
    """Drops them into the folder of a daemon, and a sound one behind them."""
    made: dict[str, str] = {}

    def drop(inbox: Path) -> int:
        for file in files:
            file.make(house.home / file.name)
            made[file.name] = hashlib.sha256((house.home / file.name).read_bytes()).hexdigest()
            (house.home / file.name).rename(inbox / file.name)
        scripted.save((scripted.page(1),), inbox / "sound.png")
        return len(files) + 1

    ended = run_watch(house, drop, within_s=WAIT_S)
    told = {line["source"]: (line["state"], line["reasons"]) for line in ended.lines}
    assert told.pop("sound.png")[0] == "filed"
    wrong = {
        file.name: told[file.name]
        for file in files
        if told[file.name][0] != file.state or not any(file.reason in reason for reason in told[file.name][1])
    }
    assert wrong == {}
    with open_site(house.home) as site:
        for sha256 in made.values():
            assert hashlib.sha256(site.spool.path(sha256).read_bytes()).hexdigest() == sha256
        assert list(site.paths.temporary.iterdir()) == []
    house.run("verify")
    return ended


REFUSED = (
    Beyond(name="pages.tif", make=many_pages, state="quarantined", reason="more than 3 pages"),
    Beyond(name="pages.pdf", make=many_pages, state="quarantined", reason="more than 3 pages"),
    Beyond(name="pixels.png", make=drawn(1500, 1500), state="quarantined", reason="the limit is 2,000,000"),
    Beyond(name="pixels.jpg", make=drawn(1500, 1500), state="quarantined", reason="the limit is 2,000,000"),
    Beyond(name="pixels.tif", make=drawn(1500, 1500), state="quarantined", reason="larger than the site's limit"),
    Beyond(name="bytes.png", make=noise, state="quarantined", reason="the limit is 5,242,880"),
)


def test_pages_pixels_and_bytes_of_a_file(tmp_path: Path) -> None:
    house = hostile_site(
        tmp_path,
        engine='"tests.fakes.engines:greedy"',
        max_pages="3",
        max_megapixels="2",
        max_file_mb="5",
        page_timeout_s=LONG_S,
        open_timeout_s=LONG_S,
    )
    beyond(house, *REFUSED)


BROKE = "the reader broke down on it"
REFUSES = "the text reader refused it"
WASTED = (
    Beyond(name="memory.png", make=greedy(Greed.MEMORY), state="review", reason=BROKE),
    Beyond(name="processor.png", make=greedy(Greed.PROCESSOR), state="review", reason=BROKE),
    Beyond(name="file.png", make=greedy(Greed.LARGE_FILE), state="review", reason=REFUSES),
    Beyond(name="files.png", make=greedy(Greed.MANY_FILES), state="review", reason=BROKE),
    Beyond(name="open.png", make=greedy(Greed.OPEN_FILES), state="review", reason=REFUSES),
    Beyond(name="answer.png", make=greedy(Greed.ANSWER), state="review", reason=BROKE),
    Beyond(name="opens.pdf", make=bomb("object-streams.pdf"), state="quarantined", reason="broke the program"),
)


def test_memory_processor_time_files_and_answers_of_a_page(tmp_path: Path) -> None:
    house = hostile_site(
        tmp_path,
        engine='"tests.fakes.engines:greedy"',
        page_timeout_s=LONG_S,
        open_timeout_s=LONG_S,
        worker_memory_mb="1000",
        worker_cpu_s="5",
        worker_output_mb="20",
        worker_open_files="64",
        worker_answer_mb="1",
    )
    ended = beyond(house, *WASTED)
    assert ended.most_kb < 1000 << 10
    assert ended.daemon_kb < 400 << 10


def test_wall_time_of_opening_and_reading(tmp_path: Path) -> None:
    house = hostile_site(
        tmp_path, engine='"tests.fakes.engines:greedy"', page_timeout_s="6.0", open_timeout_s="5.0", worker_cpu_s="3600"
    )
    beyond(
        house,
        Beyond(name="opens.pdf", make=bomb("object-streams.pdf"), state="quarantined", reason="took too long to open"),
        Beyond(name="hangs.png", make=greedy(Greed.TIME), state="review", reason="it took too long"),
    )


UNWRITTEN = "The filed PDF could not be written"


def test_output_of_filing(tmp_path: Path) -> None:
    """The picture of its page alone has more bytes than a filed PDF may."""
    house = hostile_site(
        tmp_path,
        engine='"tests.fakes.engines:quick"',
        page_timeout_s=LONG_S,
        write_timeout_s=LONG_S,
        worker_output_mb="1",
    )
    _one_unwritten(house, noisy_report(1000, 1300))


def test_wall_time_of_filing(tmp_path: Path) -> None:
    house = hostile_site(
        tmp_path,
        engine='"tests.fakes.engines:quick"',
        page_timeout_s=LONG_S,
        open_timeout_s=LONG_S,
        write_timeout_s="1.0",
    )
    _one_unwritten(house, noisy_report(4000, 5200, transparent=True))


def _one_unwritten(house: House, make: Callable[[Path], object]) -> None:
    def drop(inbox: Path) -> int:
        make(inbox / "page.png")
        return 1

    (line,) = run_watch(house, drop, within_s=WAIT_S).lines
    assert line["state"] == "review"
    assert any(UNWRITTEN in reason for reason in line["reasons"]), line["reasons"]
    assert not [path for path in (house.home / "records").rglob("*") if path.is_file()]
    house.run("verify")


@pytest.mark.parametrize("limit", ["worker_open_files", "worker_answer_mb", "worker_output_mb"])
def test_a_limit_of_nothing_is_a_wrong_setting(limit: str, tmp_path: Path) -> None:
    house = hostile_site(tmp_path, **{limit: "0"})
    assert f"reading.{limit}" in house.run("watch", code=2).stderr
