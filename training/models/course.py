"""What is taught: words that stewards edit as a draft. When, where and with how many seats, its sessions say."""

from __future__ import annotations

import uuid

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from directory.models import Organization
from directory.models.service import terms
from training.querysets import CourseQuerySet

SHORTEST, LONGEST = 15, 5 * 7 * 60  # minutes: a briefing, a week of days


class Level(models.TextChoices):
    """How much somebody should know before (domain §3.8)."""

    AWARENESS = "awareness", "A first look"
    CORE = "core", "Core"
    SPECIALIST = "specialist", "Specialist"
    LEADERSHIP = "leadership", "For leaders"
    TRAIN_TRAINER = "train_trainer", "For trainers"


class Course(DraftStateMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """Something that can be learnt. Its seats and dates are rows of their own, which are live at once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="courses", help_text="Who runs it."
    )
    title = models.CharField(max_length=160)
    slug = models.SlugField(max_length=140, unique=True)
    code = models.CharField(max_length=12, blank=True, help_text="The number in the partnership’s list, such as C02.")
    level = models.CharField(max_length=16, choices=Level)
    duration_minutes = models.PositiveSmallIntegerField(
        help_text="All of it, without breaks for lunch: half a day is 180, a day 360.",
        validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)],
    )
    summary = models.CharField(max_length=300, help_text="What it is about, in one or two plain sentences.")
    for_whom = models.CharField(max_length=120, help_text="For example: anyone who works with 10 to 18s.")
    audiences = terms("training_audience")
    outcomes = models.TextField(blank=True, help_text="What people will be able to do afterwards, one on each line.")
    parts = models.TextField(blank=True, help_text="What happens in it, one part on each line.")
    prerequisites = models.CharField(max_length=200, blank=True, help_text="What somebody needs to have done before.")
    content_note = models.CharField(max_length=300, blank=True, help_text="What may be hard to hear, and what helps.")
    is_demo = models.BooleanField(default=False)
    live = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="course",
        for_concrete_model=False,
    )

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(duration_minutes__gt=0), name="course_takes_time"),
            models.CheckConstraint(  # a draft may lack it
                condition=models.Q(live=False) | models.Q(level__in=Level.values), name="published_course_has_a_level"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_preview_template(self, request, mode_name):  # noqa: ANN201 - Wagtail's signature
        return "training/course.html"

    def get_preview_context(self, request, mode_name):  # noqa: ANN201 - Wagtail's signature
        from training.pages import course_page

        at = timezone.now()  # noqa: TID251 - Wagtail calls this as the preview's view
        return {"request": request, "page": course_page(self, at=at), "at": at}
