"""The table of addresses: each app brings its own, all at the root."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from config import health

# One door for everybody: the admin's own login form would pass by limits and second factors.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

checks = [path("live", health.live, name="live"), path("ready", health.ready, name="ready")]

urlpatterns = [
    path("healthz/", include((checks, "config"))),
    path("sign-in/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("directory.urls")),
    path("", include("referrals.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
