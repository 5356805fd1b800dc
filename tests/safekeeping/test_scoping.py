from __future__ import annotations

import pytest
from django.apps.registry import Apps
from django.core.exceptions import FieldError
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery
from django.shortcuts import get_object_or_404

from safekeeping.scoping import ClosedManager, ClosedQuerySet, UnscopedQuery, is_closed, leaks
from tests.safekeeping.sample_models import Case, Step, Team, _sample_tables, cases  # noqa: F401 - fixtures

ATTEMPTS = {
    "all": lambda: list(Case.objects.all()),
    "filter": lambda: list(Case.objects.filter(state="open")),
    "adjective": lambda: list(Case.objects.open_ones()),
    "bool": lambda: bool(Case.objects.all()),
    "len": lambda: len(Case.objects.all()),
    "slice": lambda: Case.objects.all()[0],
    "contains": lambda: Case(pk=1) in Case.objects.all(),
    "has": lambda: Case.objects.contains(Case(pk=1)),
    "get": lambda: Case.objects.get(pk=1),
    "first": lambda: Case.objects.first(),
    "last": lambda: Case.objects.order_by("pk").last(),
    "latest": lambda: Case.objects.latest("pk"),
    "count": lambda: Case.objects.count(),
    "exists": lambda: Case.objects.exists(),
    "aggregate": lambda: Case.objects.aggregate(Count("pk")),
    "annotate": lambda: list(Case.objects.values("team").annotate(n=Count("pk"))),
    "distinct count": lambda: Case.objects.distinct().count(),
    "in_bulk": lambda: Case.objects.in_bulk([1]),
    "iterator": lambda: list(Case.objects.iterator()),
    "values": lambda: list(Case.objects.values()),
    "values_list": lambda: list(Case.objects.values_list("ref", flat=True)),
    "dates": lambda: list(Case.objects.dates("on", "day")),
    "only": lambda: list(Case.objects.only("ref")),
    "reverse": lambda: list(Case.objects.order_by("pk").reverse()),
    "select_related": lambda: list(Case.objects.select_related("team")),
    "select_for_update": lambda: list(Case.objects.select_for_update()),
    "get_or_404": lambda: get_object_or_404(Case, pk=1),
    "get_or_create": lambda: Case.objects.get_or_create(state="open"),
    "update_or_create": lambda: Case.objects.update_or_create(state="open"),
    "update": lambda: Case.objects.update(state="done"),
    "filtered update": lambda: Case.objects.filter(pk=1).update(state="done"),
    "bulk_update": lambda: Case.objects.bulk_update([Case(pk=1)], ["state"]),
    "delete": lambda: Case.objects.all().delete(),
    "raw delete": lambda: Case.objects.all()._raw_delete("default"),
    "subquery of an open model": lambda: list(Team.objects.filter(pk__in=Case.objects.values("team"))),
    "exists of an open model": lambda: list(Team.objects.filter(Exists(Case.objects.filter(team=OuterRef("pk"))))),
    "annotation of an open model": lambda: list(
        Team.objects.annotate(ref=Subquery(Case.objects.filter(team=OuterRef("pk")).values("ref")[:1]))
    ),
    "prefetch": lambda: list(
        Step.objects.unscoped(reason="test").prefetch_related(Prefetch("case", queryset=Case.objects.all()))
    ),
    "or": lambda: list(Case.objects.visible_to("north") | Case.objects.all()),
    "or, other way round": lambda: list(Case.objects.all() | Case.objects.visible_to("north")),
    "and": lambda: list(Case.objects.all() & Case.objects.visible_to("north")),
    "xor": lambda: list(Case.objects.visible_to("north") ^ Case.objects.all()),
    "sql": lambda: str(Case.objects.all().query),
    "union": lambda: Case.objects.union(Case.objects.all()),
    "plain union": lambda: list(Team.objects.values_list("pk").union(Case.objects.values_list("pk"))),
    "intersection": lambda: Case.objects.intersection(Case.objects.all()),
    "difference": lambda: Case.objects.difference(Case.objects.all()),
    "raw": lambda: Case.objects.raw("SELECT * FROM sample_case"),
    "extra": lambda: Case.objects.extra(where=["1=1"]),
    "explain": lambda: Case.objects.explain(),
}
ALWAYS_REFUSED = ("union", "intersection", "difference", "raw", "extra", "explain")


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_nothing_is_read_or_written_before_somebody_says_for_whom(cases, attempt):  # noqa: F811
    Step.objects.create(case=Case._base_manager.first(), name="one")
    with pytest.raises(UnscopedQuery), transaction.atomic():
        attempt()
    assert Case._base_manager.filter(state="open").count() == 2


@pytest.mark.parametrize("name", ALWAYS_REFUSED)
def test_what_goes_past_the_guard_is_refused_to_everybody(cases, name):  # noqa: F811
    rows = Case.objects.unscoped(reason="test")
    with pytest.raises(UnscopedQuery):
        getattr(rows, name)()


def test_an_opened_query_stays_open_and_narrow(cases):  # noqa: F811
    mine = Case.objects.visible_to("north")
    assert mine.count() == 2
    assert mine.open_ones().count() == mine.filter(state="open").exclude(pk=0).order_by("pk")[:5].count() == 1
    assert [case.team.name for case in Case.objects.open_ones().visible_to("north").select_related("team")] == ["north"]
    assert mine.aggregate(n=Count("pk")) == {"n": 2}
    assert (mine & Case.objects.visible_to("south")).count() == 0
    assert mine.filter(state="open").update(state="held") == 1
    assert Case.objects.visible_to("north").delete()[0] == 2
    assert Case._base_manager.count() == 1


def test_an_opened_query_can_be_part_of_another(cases):  # noqa: F811
    north = Case.objects.visible_to("north")
    assert [team.name for team in Team.objects.filter(pk__in=north.values("team"))] == ["north"]
    assert Step.objects.unscoped(reason="test").filter(case__in=north).count() == 0


def test_opening_one_query_does_not_open_another(cases):  # noqa: F811
    rows = Case.objects.all()
    assert rows.visible_to("north").count() == 2
    with pytest.raises(UnscopedQuery):
        rows.count()


def test_an_empty_query_may_be_asked(cases):  # noqa: F811
    assert list(Case.objects.none()) == []
    assert Case.objects.none().count() == 0


@pytest.mark.parametrize("reason", ["", "  "])
def test_unscoped_needs_a_reason(reason):
    with pytest.raises(ValueError, match="why"):
        Case.objects.unscoped(reason=reason)


def test_a_queryset_that_does_not_say_who_sees_what_lets_nobody_see(cases):  # noqa: F811
    with pytest.raises(NotImplementedError):
        Step.objects.visible_to("north")


def test_djangos_own_work_goes_on(cases):  # noqa: F811
    north, _ = cases
    case = Case._base_manager.filter(team=north).first()
    case.state = "held"
    case.save()
    case.refresh_from_db()
    assert case.state == "held"
    step = Step.objects.create(case=case, name="one")
    again = Step.objects.unscoped(reason="test").get(pk=step.pk)
    assert again.case.team == north
    assert Step.objects.unscoped(reason="test").select_related("case__team").get().case.team.name == "north"
    assert next(iter(Step.objects.unscoped(reason="test").prefetch_related("case"))).case == case
    north.delete()
    assert Step._base_manager.count() == 0
    assert Case._base_manager.count() == 1


@pytest.mark.parametrize("way", ["case", "case__ref", "cases__ref", "case_set__ref"])
def test_there_is_no_way_back_from_an_open_model(cases, way):  # noqa: F811
    with pytest.raises((FieldError, UnscopedQuery)):
        list(Team.objects.values_list(way))


# --- what makes a sensitive model leak -------------------------------------------------------------------------------


def sample(name: str, **parts):
    meta = type("Meta", (), {"app_label": "sample", "apps": Apps(), **parts.pop("meta", {})})
    manager = {"objects": ClosedManager()}
    return type(name, (models.Model,), {"__module__": __name__, "Meta": meta, **manager, **parts})


def test_a_tight_model_has_no_leaks():
    assert leaks(Case) == []
    assert leaks(Step) == []
    assert is_closed(Case.objects)
    assert not is_closed(Team.objects)


def test_a_reverse_name_is_a_leak():
    named = sample("Named", team=models.ForeignKey(Team, models.CASCADE, related_name="named"))
    unnamed = sample("Unnamed", team=models.ForeignKey(Team, models.CASCADE))
    asked = sample("Asked", team=models.ForeignKey(Team, models.CASCADE, related_name="+", related_query_name="asked"))
    one = sample("One", team=models.OneToOneField(Team, models.CASCADE))
    for model in (named, unnamed, asked, one):
        assert leaks(model) == [f'sample.{model.__name__}.team needs related_name="+" and no related_query_name']


def test_a_table_between_made_by_django_is_a_leak():
    many = sample("Many", teams=models.ManyToManyField(Team, related_name="+"))
    assert any("table between" in leak for leak in leaks(many))


def test_a_second_plain_manager_is_a_leak():
    assert leaks(sample("Twice", everything=models.Manager())) == ["sample.Twice.everything is not closed"]


def test_a_closed_base_manager_breaks_django():
    assert any("base_manager_name" in leak for leak in leaks(sample("Based", meta={"base_manager_name": "objects"})))


def test_a_closed_queryset_closes_any_manager(cases):  # noqa: F811
    rows = sample("AsManager", objects=ClosedQuerySet.as_manager())
    assert is_closed(rows.objects)
    with pytest.raises(UnscopedQuery):
        rows.objects.count()
