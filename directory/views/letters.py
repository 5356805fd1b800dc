"""Which e-mails somebody wants under the hat they are wearing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from directory import letters
from directory.availability import LONDON
from directory.letters_form import LettersForm


@require_http_methods(["GET", "HEAD", "POST"])
def emails(request: HttpRequest) -> HttpResponse:
    """Show what is sent, and take what somebody can do without."""
    at = timezone.now()
    hat, status = request.hat, 200
    kinds = letters.KINDS[hat.role]
    if request.method == "POST":
        form = LettersForm(request.POST, kinds=kinds)
        if form.is_valid():
            try:
                letters.choose(hat, form.cleaned_data["kinds"], at=at, on=at.astimezone(LONDON).date())
            except letters.SomebodyMustBeAsked:
                status = 409
                form.nobody_else()
            else:
                messages.success(request, "Saved.")
                return redirect("directory:emails")
    else:
        form = LettersForm(kinds=kinds, initial={"kinds": sorted(letters.chosen(hat.membership_id))})
    context = {"form": form, "always": letters.ALWAYS[hat.role]}
    return render(request, "directory/emails.html", context, status=status)
