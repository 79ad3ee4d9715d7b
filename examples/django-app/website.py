"""A small Django project in one module: settings, views and routes."""

# Django brings no types; once django-stubs is installed, these two lines can go.
# mypy: disable-error-code="import-untyped"
# pyright: basic, reportArgumentType=false

import os
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

settings.configure(
    # A secret comes from an app setting; without one, each start has its own.
    SECRET_KEY=os.environ.get("DJANGO_SECRET_KEY") or os.urandom(32).hex(),
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    APPEND_SLASH=True,
)
django.setup()


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Hello from Django, {request.GET.get('name', 'World')}!")


def article(request: HttpRequest, year: int) -> JsonResponse:
    return JsonResponse({"year": year, "path": request.path, "method": request.method})


urlpatterns: list[Any] = [path("", home), path("articles/<int:year>/", article)]
application: Any = get_wsgi_application()
