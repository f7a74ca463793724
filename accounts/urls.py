from django.urls import path

from .views import invitations, letters, settings

app_name = "accounts"

urlpatterns = [
    path("join/", invitations.not_invited, name="not_invited"),
    path("join/<str:token>/", invitations.join, name="join"),
    path("join/<str:token>/accept/", invitations.accept, name="accept"),
    path("join/<str:token>/ask/", invitations.ask_for_another, name="ask_for_another"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<int:pk>/withdraw/", invitations.withdraw, name="withdraw_invitation"),
    path("settings/", settings.you, name="settings"),
    path("settings/look/", settings.look, name="look"),
    path("notifications/", letters.notifications, name="notifications"),
    path("mail/off/<str:token>/", letters.take_me_off, name="take_me_off"),
    path("mail/off/<str:token>/back/", letters.put_me_back, name="put_me_back"),
]
