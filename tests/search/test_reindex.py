"""How the index follows the rows: by news through the outbox, by `reindex`, and by comparing both ways."""

from __future__ import annotations

from datetime import time

import pytest
from django.core.management import call_command

from directory import signals
from directory.models import CapacityPool, Schedule, Service, ServiceStanding
from safekeeping.models import OutboxRow
from search import tasks
from search.backends import backend
from search.documents import documents_for
from search.models import SearchAspect, SearchEntry
from search.queries import Aspect
from tests.factories import directory as make

pytestmark = pytest.mark.django_db


def test_a_change_leaves_a_row_for_the_worker_and_the_worker_reads_the_row_as_it_is(city):
    service = make.service("Before")
    signals.tell(Service, [service.pk])
    row = OutboxRow.objects.filter(kind=tasks.REINDEX).latest("pk")
    Service.objects.filter(pk=service.pk).update(name="After")
    tasks.reindex_one(row.payload)
    assert SearchEntry.objects.get(service_id=service.pk).name_key == "after"


def test_several_changes_in_a_second_share_a_row(city):
    service = make.service()
    OutboxRow.objects.all().delete()
    for _ in range(3):
        service.save()
    assert 1 <= OutboxRow.objects.filter(kind=tasks.REINDEX).count() <= 2


def test_new_hours_and_who_may_come_alone_are_found_after_the_worker_has_been(city):
    service = make.service(service_type="community_mentoring", max_group_size=6)
    OutboxRow.objects.all().delete()
    Schedule.objects.create(service=service, byday="SU", opens_at=time(11), closes_at=time(14))
    tasks.reindex_one(OutboxRow.objects.filter(kind=tasks.REINDEX).latest("pk").payload)
    found = SearchAspect.objects.filter(entry__service_id=service.pk)
    assert set(found.values_list("aspect", "code")) == {("time", "sunday"), ("composition", "in_a_group")}


@pytest.mark.parametrize(("visibility", "told"), [("full", ["step_free"]), ("area_only", []), ("none", [])])
def test_what_a_place_has_is_told_only_where_the_place_is(city, visibility, told):
    place = make.location(point=make.Point(51.46, -2.56), address_visibility=visibility)
    place.access_needs.add(make.term("access_need", "step_free"))
    service = make.service(at=[place])
    [document] = documents_for([service.pk])
    assert list(document.aspects[Aspect.ACCESS]) == told


def test_news_of_places_alone_needs_no_index(city):
    service = make.service()
    OutboxRow.objects.all().delete()
    signals.tell(CapacityPool, [service.pk])
    assert not OutboxRow.objects.filter(kind=tasks.REINDEX).exists()


def test_a_suspension_takes_the_service_out(city, indexed):
    service = make.service()
    indexed()
    standing = ServiceStanding.objects.get(service=service)
    standing.standing = "suspended"
    standing.save()
    assert OutboxRow.objects.filter(kind=tasks.REINDEX, key__contains=str(service.pk)).exists()
    tasks.reindex_one({"service_id": str(service.pk)})
    assert not SearchEntry.objects.filter(service_id=service.pk).exists()


def test_reconcile_puts_right_what_is_late_lost_or_left_over(city, indexed, at):
    late, gone = make.service("Late"), make.service("Gone")
    indexed()
    Service.objects.filter(pk=late.pk).update(name="Renamed")
    Service.objects.filter(pk=gone.pk).update(live=False)
    new = make.service("New")
    tasks.reconcile(at)
    assert set(backend().digests()) == {late.pk, new.pk}
    assert SearchEntry.objects.get(service_id=late.pk).name_key == "renamed"


def test_reconcile_leaves_alone_what_is_right(city, indexed, at):
    make.service()
    indexed()
    before = SearchEntry.objects.get().pk
    tasks.reconcile(at)
    assert SearchEntry.objects.get().pk == before


def test_reindex_makes_the_index_anew(city, capsys):
    make.service()
    call_command("reindex")
    assert "1 services" in capsys.readouterr().out
