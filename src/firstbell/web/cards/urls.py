"""Paths of the cards."""

from django.urls import path

from firstbell.web.cards import badge_views, views

urlpatterns = [
    path("class/<int:class_id>/", views.cards_of_class, name="cards_class"),
    path("school/<int:org_id>/", views.cards_of_school, name="cards_school"),
    path("people/", views.cards_of_people, name="cards_people"),
    path("badges/", badge_views.show_badges, name="badges"),
    path("badges/void/", badge_views.void_badges, name="badges_void"),
    path("class/<int:class_id>/badges/void/", badge_views.void_badges_of_class, name="badges_void_class"),
]
