"""The bound of the second looks, in simulated months with wrong ones wherever they like to lie: the fast version."""

from __future__ import annotations

import pytest

from tests.benchmarks.second_look.months import Pattern, Site, simulate

SITES = (
    Site(name="small", decisions=300, layouts=8, share=0.4),
    Site(name="half looked at", decisions=400, layouts=8, share=0.3, looked=0.5),
)


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_the_bound_covers_what_is_wrong_in_nineteen_of_twenty_months(site: Site) -> None:
    tallies = simulate(site, 400, rates=(0.0, 1e-3, 1e-2, 0.05), seed=7)
    for tally in tallies.values():
        assert tally.covered / tally.months >= 0.95
    none, many = tallies[Pattern.EVEN, 0.0], tallies[Pattern.EVEN, 0.05]
    assert none.covered == 400
    if site.looked == 1:
        assert many.bounds / many.months < 0.15  # nor is it of no use
    assert many.estimates / many.months == pytest.approx(0.05, abs=0.005)


def test_estimates_are_not_biased_by_unequal_chances() -> None:
    site = Site(name="rare ones looked at more", decisions=300, layouts=30, share=0.1)
    tally = simulate(site, 600, rates=(0.05,), seed=3)[Pattern.RARE, 0.05]
    assert tally.estimates / tally.months == pytest.approx(tally.wrong / tally.months, rel=0.06)
