"""
The finder's index as rows: copies of what may be found, made from `search.documents` and never edited by hand.

A service's words go, as stems, into a full-text index that the database keeps beside `SearchEntry`: an FTS5 table with
triggers on SQLite, a generated `tsvector` column on PostgreSQL (see the migrations). Of
availability a copy is kept only for pools that have not changed since (`search.settled`); the engine joins all others
live, so that a place that has gone is gone from the list in the same moment.
"""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """One service as it can be found."""

    service_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64, help_text="Of the document; tells `reconcile` what has changed.")
    mark = models.BigIntegerField(
        null=True, help_text="Of the digest; summed up, it tells whether another index is late."
    )
    audience = models.CharField(max_length=16)
    name_key = models.CharField(max_length=160, help_text="For a stable order.")
    minimum_age = models.PositiveSmallIntegerField(null=True)
    maximum_age = models.PositiveSmallIntegerField(null=True)
    subject = models.CharField(max_length=16)
    level = models.CharField(max_length=60)
    service_type = models.CharField(max_length=60)
    travels = models.BooleanField()
    has_places = models.BooleanField()
    serves_city = models.BooleanField()
    serves_anywhere = models.BooleanField()
    title = models.TextField()
    kind = models.TextField(
        default="", help_text="The kind of service once more: it counts for more than other keywords."
    )
    keywords = models.TextField()
    organization = models.TextField(default="")
    summary = models.TextField(default="")
    body = models.TextField()
    codes = models.TextField(null=True)  # noqa: DJ001 - a default would make SQLite's table anew, without its triggers
    focus = models.FloatField(null=True, help_text="How much each of its keywords counts (`search.fit`).")
    # of its only place, as in `SearchPlace`; empty where it has none or several
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    z = models.FloatField(null=True)
    # written by `search.settled`, which says when they are true; seconds since 1970
    tier = models.SmallIntegerField(null=True)
    tier_since = models.BigIntegerField(null=True)
    tier_until = models.BigIntegerField(null=True)
    # written by `search.backends.elastic_ready`, which says when it may be used
    ready_for = models.CharField(max_length=8, null=True)  # noqa: DJ001 - as `codes`
    ready = models.TextField(null=True)  # noqa: DJ001

    class Meta:
        verbose_name_plural = "search entries"
        indexes = [
            models.Index(fields=["ready_for"], name="search_entry_ready"),
            # a search without words reads this from one end to the other, and nothing of the words beside it; on
            # PostgreSQL only the audience is its key, and the id is among the rest (`0016_words_at_hand`)
            models.Index(
                fields=[
                    "audience", "minimum_age", "maximum_age", "subject", "travels", "has_places", "serves_city",
                    "serves_anywhere", "level", "service_type", "tier", "tier_since", "tier_until", "x", "y", "z",
                    "service_id", "name_key",
                ],
                name="search_entry_narrow",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name_key


class ChangedPlaces(models.Model):
    """
    A service whose pools have changed since its tier was written down: a trigger of the database adds it (`search.settled`).

    Never unique: two who change pools of one service must not wait for each other.
    """

    service_id = models.UUIDField(db_index=True)

    class Meta:
        verbose_name_plural = "changed places"

    def __str__(self) -> str:
        return str(self.service_id)


class SearchPlace(models.Model):
    """
    A point that a service may be found near; the middle of a ward or district where the address is not shown.

    ``x, y, z`` is the same point on the unit sphere: the squared straight line between two of them orders places exactly as
    the great circle does, and needs no functions that a database may lack.
    """

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="places")
    location_id = models.UUIDField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    x = models.FloatField()
    y = models.FloatField()
    z = models.FloatField()
    exact = models.BooleanField()

    class Meta:
        # the distances of an entry's places are read from the index alone
        indexes = [
            models.Index(fields=["entry", "x", "y", "z"], name="search_place_entry"),
            # a box, or the square around a circle, is read from this one
            models.Index(fields=["latitude", "longitude", "entry"], name="search_place_box"),
        ]

    def __str__(self) -> str:
        return str(self.location_id)


class SearchArea(models.Model):
    """A ward or locality, by code, whose children a service is for."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="areas")
    code = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["code", "entry"], name="search_area_code")]

    def __str__(self) -> str:
        return self.code


class SearchHappens(models.Model):
    """A ward or locality, by code, that a service may be said to happen in."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="happens")
    code = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["code", "entry"], name="search_happens_code")]
        verbose_name_plural = "search happens"

    def __str__(self) -> str:
        return self.code


class SearchHours(models.Model):
    """Hours of one day of the week, as in `search.queries.Hours`."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="hours")
    day = models.PositiveSmallIntegerField()
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()
    first = models.DateField(null=True)
    last = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["day", "opens", "entry"], name="search_hours_day")]
        verbose_name_plural = "search hours"

    def __str__(self) -> str:
        return f"{self.day}: {self.opens} to {self.closes}"


class SearchHarm(models.Model):
    """A worry that a service is about, by code."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="harms")
    code = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["code", "entry"], name="search_harm_code")]

    def __str__(self) -> str:
        return self.code


class SearchTerm(models.Model):
    """
    A word that some entry holds, or once held: what a mistyped word is compared with.

    Whether somebody may still find it is asked of the entries before it is offered (`backends.database`).
    """

    term = models.CharField(max_length=40, primary_key=True)

    def __str__(self) -> str:
        return self.term


class WordCount(models.Model):
    """In how many entries that everybody may see a stem is; how many there are stands under the empty one (`common_words`)."""

    term = models.CharField(max_length=80, primary_key=True)
    entries = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.term


class SearchBeginning(models.Model):
    """A name from one of its words on, folded: what somebody may have begun to type; ``words`` is the name as it is written."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="beginnings")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=80, db_index=True)
    words = models.CharField(max_length=160)

    def __str__(self) -> str:
        return self.key


class SearchLabel(models.Model):
    """Words of a vocabulary that some entry has, or once had, by their folded form; asked of the entries like `SearchTerm`."""

    key = models.CharField(max_length=80, primary_key=True)
    words = models.CharField(max_length=160)

    def __str__(self) -> str:
        return self.words


class SearchAspect(models.Model):
    """One code of how a service works: where, when, in which language, with whom, how usable."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="aspects")
    aspect = models.CharField(max_length=12)
    code = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["aspect", "code", "entry"], name="search_aspect_code")]

    def __str__(self) -> str:
        return f"{self.aspect}: {self.code}"


class SearchVersion(models.Model):
    """
    How often a service's document was made, for indexes that must not take an older one for a newer (`search.versions`).

    It stays when the service is found no more: what comes late then is late as well.
    """

    service_id = models.UUIDField(primary_key=True)
    version = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.service_id}: {self.version}"


class SearchUnsent(models.Model):
    """A change of a service, or of all where it names none, that Elasticsearch has not taken yet (`search.unsent`)."""

    service_id = models.UUIDField(null=True)

    def __str__(self) -> str:
        return str(self.service_id or "all")


class SearchFollowed(models.Model):
    """An index of Elasticsearch that was filled from this database, and the newest version that it has taken."""

    name = models.CharField(max_length=200, primary_key=True)
    newest = models.BigIntegerField()

    def __str__(self) -> str:
        return self.name


class SearchSynonym(models.Model):
    """What people type, and what we call it; used when a search is read, so that a change needs no new index."""

    word = models.CharField(max_length=60, unique=True, help_text="A word or a few, as people type them.")
    expands_to = models.CharField(
        max_length=240, help_text="Codes of worries or kinds of service, or other words, with commas between."
    )
    note = models.CharField(
        max_length=240, blank=True, help_text="Said above the results, for example about the word itself."
    )

    class Meta:
        ordering = ["word"]

    def __str__(self) -> str:
        return f"{self.word} → {self.expands_to}"


from search.kept import EntrySent as EntrySent  # noqa: E402 - rows of their own room, which Django looks for here
from search.kept import MissKind as MissKind  # noqa: E402
from search.kept import SavedSearch as SavedSearch  # noqa: E402
from search.kept import SearchMiss as SearchMiss  # noqa: E402
