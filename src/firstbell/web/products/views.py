"""The catalogue as vendor staff keep it: its list, one product, a file of many."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.advice.licensing import Unknown, save_catalogue, save_product
from firstbell.domain.advice.queries import find_products, list_licensed, list_products
from firstbell.domain.advice.takes import Takes
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.districts.models import Method
from firstbell.web.components.shapes import Crumb
from firstbell.web.products.forms import CatalogueForm, ProductForm
from firstbell.web.staff.views import actor_of, for_staff
from firstbell.web.words import count_in_words

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_staff
def show_products(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """The catalogue by name, those too that nobody gets any more."""
    products = [
        (one, reverse("web:product", args=[one.code]), ", ".join(str(Method(method).label) for method in one.methods))
        for one in list_products(retired=True)
    ]
    return render(request, "products/products.html", {"products": products, "role": staff.role})


@BOTH
@for_staff
def add_product(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """A new one."""
    form = ProductForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if find_products([form.takes.code]):
            form.add_error("code", "Another product has this code.")
        else:
            return _saved(request, staff, form.takes)
    return _show(request, form, "Add a product")


@BOTH
@for_staff
def edit_product(request: HttpRequest, staff: StaffMembership, product: str) -> HttpResponse:
    """Change one. Its code stays."""
    found = find_products([product])
    if not found:
        raise NoSuchDistrict(product)
    form = ProductForm(request.POST if request.method == "POST" else None, code=product, initial=asdict(found[0]))
    if form.is_valid():
        return _saved(request, staff, form.takes)
    return _show(request, form, found[0].name)


def _saved(request: HttpRequest, staff: StaffMembership, takes: Takes) -> HttpResponse:
    save_product(takes, by=actor_of(staff))
    messages.success(request, f"{takes.name} is saved. The advisor and every Method page go by it from now on.")
    return redirect("web:products")


def _show(request: HttpRequest, form: ProductForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "crumbs": [Crumb("Products", reverse("web:products")), Crumb(title)]}
    return render(request, "products/product.html", context, status=422 if form.is_bound else 200)


@BOTH
@for_staff
def import_products(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """Bring the catalogue to what a file says. More students than seats are told of."""
    posted = request.method == "POST"
    form = CatalogueForm(request.POST, request.FILES) if posted else CatalogueForm()
    if posted and form.is_valid():
        try:
            saved = save_catalogue(form.cleaned_data["file"], by=actor_of(staff))
        except Unknown as problem:
            form.add_error("file", f"{problem}.")
        else:
            named = count_in_words(len(saved.districts), "district", "districts")
            messages.success(request, f"{saved.added:,} products added, {saved.changed:,} changed; {named} named.")
            for district in saved.districts:
                for one in list_licensed(district):
                    if one.over:
                        much = f"{one.product.name} would be shared with {one.students:,} students"
                        messages.warning(request, f"{district.name}: {much}, and has {one.seats:,} seats.")
            return redirect("web:products")
    title = "Import a catalogue"
    context = {"form": form, "title": title, "crumbs": [Crumb("Products", reverse("web:products")), Crumb(title)]}
    return render(request, "products/import.html", context, status=422 if posted else 200)
