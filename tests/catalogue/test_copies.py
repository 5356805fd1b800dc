"""The sample over and over, for load: the same copies everywhere, none of a real organization, and found like anything else."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from directory import capacity, sample_copies
from directory.models import CapacityPool, Location, Organization, Service
from directory.sample import NotInProduction
from search.models import SearchEntry

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("catalogue")]


def copies():
    return Service.objects.filter(slug__contains="-copy-")


def told():
    """Return what the copies say, their places and their figures."""
    services = sorted(copies().values_list("pk", "slug", "name", "organization_id"))
    pools = sorted(
        CapacityPool.objects.filter(services__in=copies()).values_list(
            "pk", "total", "external_occupied", "confirmed_until"
        )
    )
    places = sorted(Location.objects.filter(at_services__service__in=copies()).values_list("pk", "latitude", "ward_id"))
    return services, pools, places


def test_three_times_is_three_times_the_invented_services_and_everything_about_them():
    invented = Service.objects.filter(is_demo=True)
    once, pools = invented.count(), CapacityPool.objects.filter(is_demo=True).of_services().count()
    real = Service.objects.filter(is_demo=False).count()
    said = StringIO()
    call_command("load_sample", "--times", "3", stdout=said)
    assert "Copies: 3 of 3" in said.getvalue()
    assert f"Copies: {2 * once} services in" in said.getvalue()
    assert invented.count() == 3 * once
    assert CapacityPool.objects.filter(is_demo=True).of_services().count() == 3 * pools
    assert Service.objects.filter(is_demo=False).count() == real
    assert not Organization.objects.filter(slug__contains="-copy-", is_real=True).exists()
    assert list(capacity.differences()) == []
    original, copy = (Service.objects.get(slug=f"daybreak-girls-mentoring{end}") for end in ("", "-copy-3"))
    assert copy.name.startswith(original.name)
    assert copy.name != original.name
    for many in ("harm_types", "languages", "eligibility_rules", "routes"):
        assert getattr(copy, many).count() == getattr(original, many).count() > 0, many
    assert not copies().filter(source_ref__gt="").exists()
    assert SearchEntry.objects.count() == Service.objects.published().count()


def test_the_same_copies_everywhere_and_what_is_there_is_passed_over():
    sample_copies.multiply(2)
    first = told()
    assert sample_copies.multiply(2) == 0
    assert told() == first
    CapacityPool.objects.filter(services__in=copies()).delete()
    copies().delete()
    Organization.objects.filter(slug__contains="-copy-").delete()
    Location.objects.filter(name__startswith="A room in").delete()
    Location.objects.filter(at_services__isnull=True, is_demo=True).exclude(kind="school_host").delete()
    assert sample_copies.multiply(2) == len(first[0])
    assert told() == first


def test_production_refuses(settings):
    settings.ENVIRONMENT = "production"
    with pytest.raises(NotInProduction):
        sample_copies.multiply(2)
