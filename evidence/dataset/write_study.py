"""One study with all that it reported to the database."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from evidence.choices import CitationRole, State
from evidence.dataset.schema import ArmRecord, CitationRecord, Sourced, StudyRecord
from evidence.dataset.shelf import CitationShelf
from evidence.dataset.sync import Changes, never, synchronise_parts, update
from evidence.dataset.write_case import CaseWriter, StoredNames, regimen_columns
from evidence.models import (
    Arm,
    ArmBaseline,
    Contrast,
    Finding,
    PublishedSynthesis,
    RegimenPart,
    Result,
    Study,
    StudyCitation,
    StudyOrgan,
)
from evidence.slugs import stored_slug
from literature.models import Citation

# What the workflow and not the file decides.
_WORKFLOW = frozenset(
    {"state", "contributor", "reviewer", "published_at", "revises", "based_on", "why_revised"}
)


def _sourced(row: Sourced) -> dict[str, str]:
    """The columns of where a row was read."""
    names = ("definition", "locator", "derived", "basis", "read_at", "note")
    return {name: getattr(row, name) or "" for name in names}


def citation_of(row: CitationRecord) -> Citation:
    """The publication of a record, not stored."""
    texts = ("journal", "volume", "issue", "pages", "doi", "pmid", "pmcid", "url")
    names = ("title", "authors", "authors_complete", "year", "year_inferred")
    return Citation(
        csl_type=row.type,
        **{name: getattr(row, name) for name in names},
        **{name: getattr(row, name) or "" for name in texts},
    )


class StudyWriter:
    """Writes study after study; looks the vocabulary up once.

    A new study is published, as those of a data set are, or a draft of its contributor, which may revise a published
    study (``revises``, in its version ``based_on``). Records speak in public slugs; a revision's rows carry a mark.
    """

    def __init__(
        self,
        citations: CitationShelf,
        changes: Changes,
        *,
        contributor: Any = None,
        revises: Study | None = None,
        based_on: int | None = None,
        why_revised: str = "",
    ) -> None:
        self.citations = citations
        self.changes = changes
        self.contributor = contributor
        self.revises = revises
        self.based_on = based_on
        self.why_revised = why_revised
        names = StoredNames()
        self.outcomes, self.organs, self.therapies = names.outcomes, names.organs, names.therapies
        self.patients = CaseWriter(names, changes)

    def write(self, stored: Study | None, record: StudyRecord) -> Study:
        """Create the study, or bring the stored one and its parts to the record."""
        study = self._root(stored, record)
        self._organs(study, record)
        self._citations(study, record)
        arms = self._arms(study, record)
        self._results(arms, record)
        self._contrasts(study, arms, record)
        self._findings(study, record)
        self._syntheses(study, record)
        self.patients.write(study, record)
        return study

    def _sync(
        self, parent: Any, relation: str, wanted: list[Any], *key: str, late: Callable[[Any], bool] = never
    ) -> list[Any]:
        return synchronise_parts(parent, relation, wanted, key, self.changes, late=late)

    def _root(self, stored: Study | None, record: StudyRecord) -> Study:
        texts = ("registration", "criteria", "population", "funding", "notes")
        names = ("label", "design", "phase", "countries", "centres", "enrolled", "follow_up_weeks")
        of_revision = stored.is_revision if stored is not None else self.revises is not None
        study = Study(
            slug=stored_slug(record.slug, of_revision=of_revision),
            **{name: getattr(record, name) for name in (*names, "summary", "basis", "read_at")},
            **{name: getattr(record, name) or "" for name in texts},
        )
        if stored is not None:
            return update(stored, study, self.changes, _WORKFLOW)
        if self.contributor is None:
            study.state, study.published_at = State.PUBLISHED, timezone.now()
        else:
            study.state, study.contributor = State.DRAFT, self.contributor
            study.revises, study.based_on, study.why_revised = self.revises, self.based_on, self.why_revised
        study.save()
        self.changes.created += 1
        self.changes.new.add(study)
        return study

    def _organs(self, study: Study, record: StudyRecord) -> None:
        wanted = [
            StudyOrgan(study=study, organ_id=self.organs[slug], position=position)
            for position, slug in enumerate(record.organs)
        ]
        self._sync(study, "study_organs", wanted, "organ_id")

    def _citations(self, study: Study, record: StudyRecord) -> None:
        wanted = [
            StudyCitation(
                study=study,
                citation=self._citation(study, row),
                role=row.role,
                of_revision=study.is_revision,
                position=position,
            )
            for position, row in enumerate(record.citations)
        ]
        # One link gives up the primary role before another takes it.
        self._sync(
            study,
            "study_citations",
            wanted,
            "citation_id",
            late=lambda link: link.role == CitationRole.PRIMARY,
        )

    def _citation(self, study: Study, row: CitationRecord) -> Citation:
        wanted = citation_of(row)
        stored = self._known(study, row)
        if stored is None:
            return self.citations.add(wanted)
        return self.citations.update(stored, wanted)

    def _known(self, study: Study, row: CitationRecord) -> Citation | None:
        """The publication as stored: known by DOI or PMID, else by title and year among the study's own."""
        for identifier in (row.doi, row.pmid):
            if identifier is not None and (found := self.citations.known(identifier)) is not None:
                return found
        if study in self.changes.new:
            return None
        own = (link.citation for link in study.study_citations.all())
        return next(
            (one for one in own if (one.title, one.year, one.csl_type) == (row.title, row.year, row.type)),
            None,
        )

    def _arms(self, study: Study, record: StudyRecord) -> dict[str, Arm]:
        wanted = [
            Arm(
                study=study,
                slug=row.slug,
                label=row.label,
                role=row.role,
                n=row.n,
                background_glucocorticoid=row.background_glucocorticoid,
                position=position,
            )
            for position, row in enumerate(record.arms)
        ]
        arms = self._sync(study, "arms", wanted, "slug")
        for arm, row in zip(arms, record.arms, strict=True):
            self._arm_parts(arm, row)
        return {arm.slug: arm for arm in arms}

    def _arm_parts(self, arm: Arm, row: ArmRecord) -> None:
        regimen = [
            RegimenPart(
                arm=arm, therapy_id=self.therapies[part.therapy], position=position, **regimen_columns(part)
            )
            for position, part in enumerate(row.regimen)
        ]
        self._sync(arm, "regimen", regimen, "therapy_id")
        baseline = [
            ArmBaseline(arm=arm, name=name, value=value, position=position)
            for position, (name, value) in enumerate(row.baseline.items())
        ]
        self._sync(arm, "baseline", baseline, "name")

    def _results(self, arms: dict[str, Arm], record: StudyRecord) -> None:
        """Results arm by arm; their positions run through the study, so that a dump keeps the file's order."""
        figures = ("week", "events", "total", "value", "low", "high", "sd", "n")
        for arm in arms.values():
            wanted = [
                Result(
                    arm=arm,
                    outcome_id=self.outcomes[row.outcome],
                    organ_id=self.organs[row.organ] if row.organ else None,
                    position=position,
                    **{name: getattr(row, name) for name in figures},
                    **{name: getattr(row, name) or "" for name in ("statistic", "spread", "as_reported")},
                    **_sourced(row),
                )
                for position, row in enumerate(record.results)
                if row.arm == arm.slug
            ]
            self._sync(arm, "results", wanted, "outcome_id", "week", "organ_id", "definition")

    def _contrasts(self, study: Study, arms: dict[str, Arm], record: StudyRecord) -> None:
        wanted = [
            Contrast(
                study=study,
                outcome_id=self.outcomes[row.outcome],
                arm=arms[row.arm],
                versus=arms[row.versus],
                p=row.p or "",
                position=position,
                **{name: getattr(row, name) for name in ("week", "measure", "estimate", "low", "high")},
                **_sourced(row),
            )
            for position, row in enumerate(record.contrasts)
        ]
        kept = {arm.pk for arm in arms.values()}
        key = ("outcome_id", "arm_id", "versus_id", "measure", "week", "definition")
        # With an arm that is gone its contrasts went too; those that were read before do not know it.
        synchronise_parts(
            study,
            "contrasts",
            wanted,
            key,
            self.changes,
            there=lambda row: {row.arm_id, row.versus_id} <= kept,
        )

    def _findings(self, study: Study, record: StudyRecord) -> None:
        wanted = [
            Finding(
                study=study,
                therapy_id=self.therapies[row.therapy],
                outcome_id=self.outcomes[row.outcome],
                direction=row.direction,
                patients=row.patients,
                statement=row.statement,
                position=position,
                **_sourced(row),
            )
            for position, row in enumerate(record.findings)
        ]
        self._sync(study, "findings", wanted, "therapy_id", "outcome_id", "statement")

    def _syntheses(self, study: Study, record: StudyRecord) -> None:
        names = ("measure", "estimate", "low", "high", "studies", "patients")
        wanted = [
            PublishedSynthesis(
                study=study,
                therapy_id=self.therapies[row.therapy],
                versus_id=self.therapies[row.versus] if row.versus else None,
                outcome_id=self.outcomes[row.outcome],
                position=position,
                **{name: getattr(row, name) for name in names},
                **_sourced(row),
            )
            for position, row in enumerate(record.syntheses)
        ]
        self._sync(
            study, "syntheses", wanted, "therapy_id", "versus_id", "outcome_id", "measure", "definition"
        )
