"""What the proofs add to a running site: an address that asks for one place, and, for the control, a hole in the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class ProofConfig(AppConfig):
    name = "tests.proof"
    label = "proof"

    def ready(self) -> None:
        from safekeeping import clock, invariants, policy

        policy.declare({"proof_hold": policy.roles("coordinator")})
        # A clock that has stopped is noticed within seconds.
        clock.job("proof", every=timedelta(seconds=1), late_after=timedelta(seconds=10), run=lambda at: None)
        # The proofs' own address holds places for nobody's offer, so only this one comparison has nothing to say here;
        # counters against ledger rows, which is what the race and the kills are about, stays.
        del invariants.INVARIANTS["every open offer and live place has its row in the ledger"]


class UnguardedConfig(ProofConfig):
    """
    The same, with the guard of the last place taken out: look first, then write.

    It is how places are oversold, and the proof of the race is worth something only if it notices.
    """

    def ready(self) -> None:
        """
        Take the guard out.

        :raises ImproperlyConfigured: where places are real
        """
        if settings.ENVIRONMENT != "development":
            raise ImproperlyConfigured("the ledger without its guard is for one proof only")
        super().ready()
        from directory import capacity
        from directory.models import CapacityPool
        from directory.querysets import CapacityPoolQuerySet
        from tests.proof import holding
        from training import bookings
        from training.models import CourseSession

        guarded = CapacityPoolQuerySet.with_a_place_left

        def look_first(
            verb: Callable[..., Any], *, pool_of: Callable[[Any], Any], refusal: type[Exception]
        ) -> Callable[..., Any]:
            def look_then_write(subject: Any, **told: Any) -> Any:
                if not guarded(CapacityPool.objects.filter(pk=pool_of(subject))).exists():
                    raise refusal
                time.sleep(0.02)  # as long as somebody else's page takes to draw
                return verb(subject, **told)

            return look_then_write

        def pool_of_session(ref: Any) -> Any:
            return CourseSession.objects.values_list("pool_id", flat=True).get(pk=ref)

        CapacityPoolQuerySet.with_a_place_left = lambda self: self  # type: ignore[method-assign]
        holding.take = look_first(holding.take, pool_of=lambda pool_id: pool_id, refusal=capacity.NoPlaceLeft)
        bookings.book = look_first(bookings.book, pool_of=pool_of_session, refusal=bookings.SessionFull)
