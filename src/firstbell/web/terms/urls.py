"""Paths under /d/<code>/terms/."""

from django.urls import path

from firstbell.web.terms import views

urlpatterns = [
    path("", views.show_terms, name="terms"),
    path("export/", views.export_terms, name="terms_export"),
    path("add/", views.add_term, name="term_add"),
    path("<int:term_id>/", views.show_term, name="term"),
    path("<int:term_id>/remove/", views.remove_term, name="term_remove"),
    path("<int:term_id>/restore/", views.restore_term, name="term_restore"),
]
