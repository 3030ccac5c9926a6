"""Paths under /d/<code>/cases/."""

from django.urls import path

from firstbell.web.cases import accounts, acting, cells, versions, views

urlpatterns = [
    path("", views.show_cases, name="cases"),
    path("new/", views.add_case, name="case_add"),
    path("<int:case_id>/", views.show_case, name="case"),
    path("<int:case_id>/versions/", versions.show_versions, name="case_versions"),
    path("<int:case_id>/template/", views.download_template, name="case_template"),
    path("<int:case_id>/files/", acting.bring, name="case_files"),
    path("<int:case_id>/columns/", acting.map_columns, name="case_columns"),
    path("<int:case_id>/cells/", cells.mend_case, name="case_cells"),
    path("<int:case_id>/send/", acting.send, name="case_send"),
    path("<int:case_id>/say/", acting.say, name="case_say"),
    path("<int:case_id>/cancel/", acting.end, name="case_cancel"),
    path("<int:case_id>/accounts/", accounts.show_accounts, name="case_accounts"),
    path("<int:case_id>/accounts/file/", accounts.download_accounts, name="case_accounts_file"),
    path("<int:case_id>/accounts/confirm/", accounts.say_right, name="case_accounts_confirm"),
    path("<int:case_id>/accounts/wrong/", accounts.say_wrong, name="case_accounts_wrong"),
    path("<int:case_id>/accounts/rest/", accounts.say_all_right, name="case_accounts_rest"),
    path("<int:case_id>/log-ins/", acting.take_logins, name="case_logins"),
    path("<int:case_id>/sign-off/", acting.close, name="case_sign_off"),
]
