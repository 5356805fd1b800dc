"""The demonstration's requests: on every desk there is something to do, and all of it went through the verbs."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from brokering import sample
from brokering.models import Offer, OfferState, PlacementRequest, PlaceState, RequestState, SupportPlace
from directory import vocabularies
from directory.sample import SampleMistake
from directory.sample import load as load_all
from tests.factories import directory as make
from tests.factories.postcode_table import small_table

# The first working morning after Christmas: deadlines count working days, the sample's hours ago do not.
AT = datetime(2026, 12, 29, 9, 20, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def at(settings, tmp_path):
    settings.POSTCODES_FILE = small_table(tmp_path / "postcodes.sqlite3")
    make.places()
    vocabularies.load()
    load_all(at=AT)
    yield AT
    vocabularies.remembered.drop()


def everything(model):
    return model.objects.unscoped(reason="a test looks at everything")


def test_requests_stand_at_every_point_of_their_way_with_a_true_ledger_and_trail(at):
    states = set(everything(PlacementRequest).values_list("state", flat=True))
    assert states == {
        RequestState.DRAFT, RequestState.TRIAGE, RequestState.NEEDS_INFORMATION, RequestState.MATCHING, RequestState.OFFERED,
        RequestState.ALLOCATED, RequestState.IN_SUPPORT,
    }  # fmt: skip
    assert set(everything(Offer).values_list("state", flat=True)) == {
        OfferState.OPEN, OfferState.ACCEPTED, OfferState.DECLINED_BY_PROVIDER,
    }  # fmt: skip
    assert set(everything(SupportPlace).values_list("state", flat=True)) == {
        PlaceState.AWAITING_CONTACT,
        PlaceState.ACTIVE,
    }
    assert all(everything(PlacementRequest).values_list("is_demo", flat=True))

    call_command("check_invariants", stdout=StringIO())
    call_command("verify_audit", stdout=StringIO())
    before = Counter(everything(PlacementRequest).values_list("public_ref", "state"))
    load_all(at=AT)
    assert Counter(everything(PlacementRequest).values_list("public_ref", "state")) == before, "loaded twice"


def test_somebody_whom_the_sample_does_not_have_is_named():
    with pytest.raises(SampleMistake, match=r"nobody@work\.example"):
        sample.hat("nobody@work.example", None, AT)
