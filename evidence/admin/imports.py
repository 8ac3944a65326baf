"""Imports at the desk: a file is brought, shown row by row, and carried out as a whole."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from evidence.bulk.columns import TABLES
from evidence.bulk.plans import CHANGED, NEW, Plan
from evidence.bulk.runs import bring_file, carry_out_run, check_run
from evidence.bulk.services import ImportRefused, may_import
from evidence.bulk.sheets import SheetFault, write_csv, write_xlsx
from evidence.choices import ImportKind
from evidence.models import ImportRun
from foundation.progress import Progress, Step, steps_of

logger = logging.getLogger(__name__)

# More rows are counted and not shown: nobody reads ten thousand.
ROWS_SHOWN = 200
FAULTS_SHOWN = 500
# Where the page is cut: for the steps while the work runs, and for what came of it.
MARK = "<!-- steps -->"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    """The file to import."""

    file = forms.FileField(
        label="File (.xlsx or .csv)", widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"})
    )


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    """A person's own imports: what they brought, when, and what came of it."""

    change_list_template = "admin/evidence/importrun/change_list.html"
    list_display = ("name", "kind", "brought_at", "done_at", "outcome", "look")
    list_filter = ("kind",)
    list_display_links = None
    ordering = ("-brought_at", "id")

    def get_urls(self) -> list[URLPattern]:
        """The steps of an import before the library's own addresses."""
        view = self.admin_site.admin_view
        own = [
            path("new/<str:kind>/", view(self.upload_view), name="evidence_importrun_new"),
            path(
                "template/<str:kind>.<str:ending>",
                view(self.template_view),
                name="evidence_importrun_template",
            ),
            path("<uuid:run>/check/", view(self.check_view), name="evidence_importrun_check"),
            path("<uuid:run>/write/", view(self.write_view), name="evidence_importrun_write"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """One's own; without the files."""
        return super().get_queryset(request).filter(owner=request.user).defer("content")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may import anything."""
        return any(may_import(request.user, kind) for kind in ImportKind.values)

    def has_view_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        """One's own."""
        return self.has_module_permission(request) and (obj is None or obj.owner_id == request.user.pk)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By the steps of an import alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        """Nobody: what was brought stays as it was."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        """Nobody: who brought what is kept."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One's imports, with the ways to begin another."""
        kinds = [(kind, label) for kind, label in ImportKind.choices if may_import(request.user, kind)]
        return super().changelist_view(request, {**(extra_context or {}), "kinds": kinds})

    @admin.display(description="look at it")
    def look(self, run: ImportRun) -> str:
        """Open what waits to be carried out."""
        if run.done_at is not None:
            return "carried out"
        return format_html('<a href="{}">Open</a>', reverse("admin:evidence_importrun_check", args=[run.pk]))

    # ── the steps ────────────────────────────────────────────────────────────────────────────────────────────────

    def upload_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Bring a file; beside it the columns and a template to fill."""
        self._demand(request, kind)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = bring_file(kind=kind, content=file.read(), name=file.name, by=request.user)
            except ImportRefused as refusal:
                form.add_error("file", str(refusal))
            else:
                return HttpResponseRedirect(reverse("admin:evidence_importrun_check", args=[run.pk]))
        context = {
            "title": f"Import {kind}",
            "form": form,
            "kind": kind,
            "columns": TABLES[kind],
        }
        return TemplateResponse(
            request,
            "admin/evidence/importrun/upload.html",
            self._context(request, **context),
            status=400 if form.errors else 200,
        )

    def template_view(self, request: HttpRequest, kind: str, ending: str) -> HttpResponse:
        """An empty table with an example in its first row."""
        self._demand(request, kind)
        columns = TABLES[kind]
        rows = [[column.example for column in columns]]
        if ending == "xlsx":
            response = HttpResponse(write_xlsx(columns, rows, kind), content_type=XLSX_TYPE)
        elif ending == "csv":
            response = HttpResponse(write_csv(columns, rows), content_type="text/csv; charset=utf-8")
        else:
            raise Http404("A template is .xlsx or .csv.")
        response["Content-Disposition"] = f'attachment; filename="{kind}-template.{ending}"'
        return response

    def check_view(self, request: HttpRequest, run: Any) -> HttpResponse:
        """Every change and every fault of a file; nothing is written."""
        brought = self._own(request, run)
        return self._streamed(
            request,
            brought,
            f"Import {brought.kind}: look at every row",
            lambda progress: check_run(run=brought, progress=progress),
            lambda plan: self._preview(request, brought, plan),
        )

    def write_view(self, request: HttpRequest, run: Any) -> HttpResponse:
        """Carry a file out."""
        brought = self._own(request, run)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:evidence_importrun_check", args=[brought.pk]))
        reason, confirmed = request.POST.get("reason", ""), request.POST.get("doubts_confirmed") == "yes"
        return self._streamed(
            request,
            brought,
            f"Import {brought.kind}",
            lambda progress: carry_out_run(
                run=brought, reason=reason, doubts_confirmed=confirmed, progress=progress
            ),
            lambda plan: self._fragment(request, "_done.html", run=brought, plan=plan, same=_same(plan)),
        )

    # ── their pieces ─────────────────────────────────────────────────────────────────────────────────────────────

    def _demand(self, request: HttpRequest, kind: str) -> None:
        if kind not in TABLES:
            raise Http404(f"There is no import of {kind}.")
        if not may_import(request.user, kind):
            raise PermissionDenied

    def _own(self, request: HttpRequest, run: Any) -> ImportRun:
        """The person's own file; another's does not exist for them."""
        found = ImportRun.objects.select_related("owner").filter(pk=run, owner=request.user).first()
        if found is None:
            raise Http404("There is no such import of yours.")
        self._demand(request, found.kind)
        return found

    def _context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, **more}

    def _fragment(self, request: HttpRequest, name: str, **context: Any) -> str:
        return render_to_string(f"admin/evidence/importrun/{name}", context, request)

    def _preview(self, request: HttpRequest, run: ImportRun, plan: Plan) -> str:
        told = [row for row in plan.rows if row.action in (NEW, CHANGED)]
        return self._fragment(
            request,
            "_preview.html",
            run=run,
            plan=plan,
            new=plan.count(NEW),
            changed=plan.count(CHANGED),
            same=_same(plan),
            rows=told[:ROWS_SHOWN],
            more_rows=max(0, len(told) - ROWS_SHOWN),
            faults=plan.faults[:FAULTS_SHOWN],
            more_faults=max(0, len(plan.faults) - FAULTS_SHOWN),
            doubts=plan.doubts[:FAULTS_SHOWN],
            more_doubts=max(0, len(plan.doubts) - FAULTS_SHOWN),
        )

    def _streamed(
        self,
        request: HttpRequest,
        run: ImportRun,
        title: str,
        work: Callable[[Progress], Plan],
        show: Callable[[Plan], str],
    ) -> StreamingHttpResponse:
        """The page in pieces: its head at once, a line a step while the work runs, then what came of it."""
        # The cookie goes with the head, before any form of the page is written.
        get_token(request)
        page = render_to_string(
            "admin/evidence/importrun/run.html",
            self._context(request, title=title, run=run, mark=MARK),
            request,
        )
        head, between, tail = page.split(MARK)

        def pieces() -> Iterator[str]:
            yield head
            for step in steps_of(work):
                if isinstance(step, Step):
                    yield self._fragment(request, "_step.html", step=step)
                    continue
                yield between
                if isinstance(step.error, SheetFault):
                    yield self._fragment(
                        request, "_refused.html", run=run, lines=step.error.lines, of_file=True
                    )
                elif isinstance(step.error, ImportRefused):
                    yield self._fragment(request, "_refused.html", run=run, lines=[str(step.error)])
                elif step.error is not None:
                    logger.error("An import ended with an error.", exc_info=step.error)
                    yield self._fragment(request, "_refused.html", run=run, lines=[])
                else:
                    yield show(step.value)
            yield tail

        # Compressed, the steps would wait in the compressor until the end: the middleware asks the request.
        request.META["HTTP_ACCEPT_ENCODING"] = ""
        response = StreamingHttpResponse(pieces())
        response["Cache-Control"] = "no-store"
        response["X-Accel-Buffering"] = "no"
        return response


def _same(plan: Plan) -> int:
    return len(plan.rows) - plan.count(NEW) - plan.count(CHANGED)
