"""Paths under /products/."""

from django.urls import path

from firstbell.web.products import views

urlpatterns = [
    path("", views.show_products, name="products"),
    path("new/", views.add_product, name="product_add"),
    path("import/", views.import_products, name="products_import"),
    path("p/<slug:product>/", views.edit_product, name="product"),
]
