"""Of all who answer an offer at once one wins, and each of the others is told what has become of it."""

from __future__ import annotations

import pytest

from brokering import offers
from brokering.models import DeclineReason, Offer, OfferHistory, OfferState, SupportPlace
from safekeeping import invariants
from tests.factories import brokering as make
from tests.factories.brokering import AT, DAY, HOUR
from tests.safekeeping.race import copied_to_file, together

ALL = {"reason": "a test looks at the rows themselves"}
MANY = 20


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("others", ["accept", "decline", "take back"])
def test_of_twenty_answers_at_once_one_counts_and_the_others_are_told(tmp_path, monkeypatch, others):
    here = make.world()
    offer = make.offered(here)
    copied_to_file(tmp_path, monkeypatch)

    def accept():
        mine = Offer.objects.unscoped(**ALL).get(pk=offer.pk)
        return offers.accept(
            mine, worker_role="Mentor", first_meeting_on=(AT + DAY).date(), by=here.manager, at=AT + HOUR
        )

    def decline():
        offers.decline(
            Offer.objects.unscoped(**ALL).get(pk=offer.pk), DeclineReason.NO_CAPACITY, by=here.manager, at=AT + HOUR
        )

    def take_back():
        offers.take_back(
            Offer.objects.unscoped(**ALL).get(pk=offer.pk), "better_fit", by=here.coordinator, at=AT + HOUR
        )

    other = {"accept": accept, "decline": decline, "take back": take_back}[others]
    found = together(*[accept if n % 2 else other for n in range(MANY)])
    refused = [one for one in found if isinstance(one, offers.OfferNoLongerOpen)]
    assert len(refused) == MANY - 1, found
    [(became, supported, moves, broken)] = together(
        lambda: (
            Offer.objects.unscoped(**ALL).get(pk=offer.pk).state,
            SupportPlace.objects.unscoped(**ALL).count(),
            OfferHistory.objects.unscoped(**ALL).filter(offer=offer).count(),
            list(invariants.broken()),
        )
    )
    assert {one.state for one in refused} == {became}, "everybody who was too late is told what has become of it"
    assert supported == (became == OfferState.ACCEPTED)
    assert moves == 2, "it began, and it ended once"
    assert broken == []
