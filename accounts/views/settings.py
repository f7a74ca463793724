"""One topic a page, saved by its own button."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, way_back
from accounts.forms import LookForm, YouForm
from accounts.models import User

A_YEAR = 365 * 24 * 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
def you(request: SignedInRequest) -> HttpResponse:
    """Name, pronouns, organisation, time zone, public address."""
    fresh = User.objects.get(pk=request.user.pk)  # a refused form must not leave its words in the page's header
    form = YouForm(request.POST if request.method == "POST" else None, instance=fresh)
    if form.is_valid():
        try:
            form.save()
        except forms.ValidationError as refusal:
            form.add_error("handle", refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:settings")
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Light or dark, for everybody: kept in a cookie of its own, and only when it is not what the device
    says."""
    back = way_back(request, otherwise=reverse("accounts:look"))
    now = request.COOKIES.get("theme", "system")
    form = LookForm(request.POST if request.method == "POST" else None, initial={"theme": now})
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/look.html", {"form": form, "next": back}, status=status)
    response = redirect(back)
    theme, path = form.cleaned_data["theme"], settings.SESSION_COOKIE_PATH
    if theme == "system":
        response.delete_cookie("theme", path=path, samesite="Lax")
        return response
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie("theme", theme, max_age=A_YEAR, path=path, secure=secure, httponly=True, samesite="Lax")
    return response
