"""Paths under /desk/."""

from django.urls import path

from firstbell.web.desk import acting, views, writing

CASE = "<slug:code>/<int:case_id>/"
urlpatterns = [
    path("", views.show_queue, name="desk"),
    path("clean/", views.import_clean, name="desk_clean"),
    path("findings/", writing.shared_findings, name="desk_findings"),
    path("replies/", writing.saved_replies, name="desk_replies"),
    path("<slug:code>/new/", writing.open_case, name="desk_open"),
    path(CASE, views.show_case, name="desk_case"),
    path(f"{CASE}versions/", views.show_versions, name="desk_versions"),
    path(f"{CASE}claim/", acting.claim_case, name="desk_claim"),
    path(f"{CASE}hand-over/", acting.hand_case_over, name="desk_hand_over"),
    path(f"{CASE}templates/", acting.templates_ready, name="desk_templates"),
    path(f"{CASE}return/", acting.return_to_district, name="desk_return"),
    path(f"{CASE}back/", acting.set_case_back, name="desk_back"),
    path(f"{CASE}cancel/", acting.cancel_case, name="desk_cancel"),
    path(f"{CASE}import/", acting.import_case, name="desk_import"),
    path(f"{CASE}undo/", acting.undo_import, name="desk_undo"),
    path(f"{CASE}say/", acting.say, name="desk_say"),
    path(f"{CASE}answer/", acting.answer, name="desk_answer"),
    path(f"{CASE}correct/", writing.correct, name="desk_correct"),
]
