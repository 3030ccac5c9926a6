"""Path under /d/<code>/school-year/."""

from django.urls import path

from firstbell.web.school_year import views

urlpatterns = [path("", views.show_school_year, name="school_year")]
