from django.urls import path

from directory.views import expert, listing, portraits

app_name = "directory"
urlpatterns = [
    path("experts/<slug:handle>/", expert.expert, name="expert"),
    path("experts/<slug:handle>/recommendations/", expert.letters, name="letters"),
    path("listing/", listing.listing, name="listing"),
    path("listing/edit/", listing.edit, name="edit_listing"),
    path("listing/submit/", listing.submit, name="submit_listing"),
    path("listing/take-back/", listing.take_back, name="take_back_listing"),
    path("listing/confirm/", listing.confirm, name="confirm_listing"),
    path("listing/rest/", listing.rest, name="rest_listing"),
    path("listing/come-back/", listing.come_back, name="come_back_listing"),
    path("listing/retire/", listing.retire, name="retire_listing"),
    path("media/portraits/<slug:name>-<int:size>.<str:ending>", portraits.portrait, name="portrait"),
]
