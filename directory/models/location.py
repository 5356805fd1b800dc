"""Where things happen and whom they serve: two facts that are never derived from each other. Live at once, never drafted."""

from __future__ import annotations

import uuid

from django.db import models

from directory.models.geography import Locality, Ward
from directory.models.service import Service


class AddressVisibility(models.TextChoices):
    """How much of an address anybody may learn (domain V31); anything but FULL gives no point, street or distance."""

    FULL = "full", "The whole address"
    DISTRICT = "postcode_district_only", "The postcode district"
    AREA = "area_only", "The area"
    NONE = "none", "Nothing"


class Location(models.Model):
    """A place. Its point is the real one: only `directory.querysets` and `directory.geo` decide what leaves the house."""

    class Kind(models.TextChoices):
        VENUE = "venue", "Venue"
        BASE = "provider_base", "Provider's base"
        SCHOOL = "school_host", "Host school"
        HOSPITAL = "hospital_site", "Hospital site"
        AREA = "area", "Area"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=160)
    organization = models.ForeignKey(
        "directory.Organization",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="locations",
        help_text="Who keeps these details right. Empty: the stewards.",
    )
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.VENUE)
    latitude = models.FloatField(null=True, blank=True, help_text="WGS84")
    longitude = models.FloatField(null=True, blank=True)
    council_code = models.CharField(max_length=9, blank=True)
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, null=True, blank=True, related_name="locations")
    address_visibility = models.CharField(max_length=24, choices=AddressVisibility, default=AddressVisibility.FULL)
    access_needs = models.ManyToManyField(
        "directory.TaxonomyTerm", related_name="+", blank=True, limit_choices_to={"taxonomy": "access_need"}
    )
    bus_notes = models.CharField(max_length=200, blank=True)
    notes_public = models.TextField(blank=True)
    is_demo = models.BooleanField(default=False)
    source_ref = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="location_point_is_on_earth",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """The postal address of a location; read it only through what its visibility allows."""

    location = models.OneToOneField(Location, on_delete=models.CASCADE, related_name="address")
    address_1 = models.CharField(max_length=160, blank=True)
    address_2 = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80, blank=True)
    postal_code = models.CharField(max_length=8, blank=True)

    class Meta:
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return f"Address of {self.location_id}"


class ServiceAtLocation(models.Model):
    """A service happening at a place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="at_locations")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="at_services")
    description = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "services at locations"
        constraints = [models.UniqueConstraint(fields=["service", "location"], name="service_is_once_at_a_location")]

    def __str__(self) -> str:
        return f"{self.service} at {self.location}"


class ServiceArea(models.Model):
    """A part of the map that a service is for: the whole city, a locality, a ward, or anywhere."""

    class Extent(models.TextChoices):
        CITYWIDE = "citywide", "The whole city"
        LOCALITY = "locality", "A locality"
        WARD = "ward", "A ward"
        ANYWHERE = "anywhere", "Anywhere, also outside the city"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="areas")
    extent = models.CharField(max_length=10, choices=Extent)
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(extent="locality", locality__isnull=False, ward__isnull=True)
                | models.Q(extent="ward", ward__isnull=False, locality__isnull=True)
                | models.Q(extent__in=["citywide", "anywhere"], ward__isnull=True, locality__isnull=True),
                name="service_area_names_what_it_covers",
            )
        ]

    def __str__(self) -> str:
        if self.extent == self.Extent.LOCALITY:
            return str(self.locality)
        return str(self.ward) if self.extent == self.Extent.WARD else self.get_extent_display()


class Schedule(models.Model):
    """A regular time at which a service happens, local wall-clock time; HSDS ``schedule`` with ``byday``."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="schedules")
    at_location = models.ForeignKey(
        ServiceAtLocation, on_delete=models.CASCADE, null=True, blank=True, related_name="schedules"
    )
    byday = models.CharField(max_length=20, help_text="MO,TU,WE,TH,FR,SA,SU")
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    valid_from_on = models.DateField(null=True, blank=True)
    valid_to_on = models.DateField(null=True, blank=True)
    term_time_only = models.BooleanField(default=False)
    note = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["service", "byday", "opens_at", "id"]

    def __str__(self) -> str:
        return f"{self.byday} {self.opens_at or ''}"
