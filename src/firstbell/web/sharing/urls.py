"""Paths under /d/<code>/programs/."""

from django.urls import path

from firstbell.web.launch import views as launching
from firstbell.web.sharing import calling_views, granting_views, outlet_views, telling_views, views

urlpatterns = [
    path("", views.programs, name="programs"),
    path("log.csv", telling_views.export_log, name="program_log"),
    path("people/<int:person_id>/", telling_views.person, name="program_person"),
    path("people/<int:person_id>/tell/<int:withheld_id>/", telling_views.tell, name="program_tell"),
    path("<int:client_id>/files/", telling_views.export_files, name="program_files"),
    path("<int:client_id>/messages/", calling_views.messages_of, name="program_messages"),
    path("<int:client_id>/messages/again/", calling_views.again, name="program_messages_again"),
    path("<int:client_id>/messages/end/", calling_views.end, name="program_messages_end"),
    path("<int:client_id>/files/by-timetable/", outlet_views.outlet, name="program_outlet"),
    path("<int:client_id>/files/by-timetable/now/", outlet_views.now, name="program_outlet_now"),
    path("<int:client_id>/files/by-timetable/end/", outlet_views.end, name="program_outlet_end"),
    path("<int:client_id>/grant/", granting_views.grant, name="program_grant"),
    path("<int:client_id>/launch/", launching.set_up, name="program_launch"),
    path("<int:client_id>/launch/secret/", launching.renew, name="program_launch_secret"),
    path("<int:client_id>/launch/end/", launching.end, name="program_launch_end"),
    path("<int:client_id>/revoke/", views.revoke, name="program_revoke"),
]
