"""The city's own places: localities, wards and the names that people use for neighbourhoods. Loaded from the city's folder."""

from __future__ import annotations

from django.db import models


class Locality(models.Model):
    """A part of the city with its own weekly meeting and coordinators."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "localities"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class Ward(models.Model):
    """An electoral ward, by its ONS code, with the locality that the partnership counts it in."""

    code = models.CharField(primary_key=True, max_length=9)
    name = models.CharField(max_length=80)
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="wards")
    latitude = models.FloatField(help_text="Mean position of its live postcodes, WGS84.")
    longitude = models.FloatField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A neighbourhood as people call it, and one point that stands for it; it has no official boundary."""

    name = models.CharField(max_length=80, unique=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="areas")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PostcodeWard(models.Model):
    """The ward of a live postcode of the city, written without its space."""

    postcode = models.CharField(primary_key=True, max_length=7)
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.postcode
