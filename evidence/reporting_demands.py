"""What the rules of reporting demand: small predicates on a study's record, each answering the places at fault.

An empty answer is a demand that is met. The words for it stand in the table, evidence/reporting_rules.py.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evidence.choices import ArmRole, ClassificationStatus, OrganChange, Response, SteroidEffect
from evidence.dataset.schema import CaseRecord, ResultRecord, StudyRecord
from evidence.models.cases import ACR_EULAR_THRESHOLD
from evidence.models.study import GLUCOCORTICOID

NO_TREATMENT = "no_treatment"
RESPONDER_INDEX = "responder_index"
# Last words of addresses that stand where a study's address would: /api/v1/studies/check/.
RESERVED_SLUGS = ("check",)


@dataclass(frozen=True)
class At:
    """A place that a demand finds at fault, and the values that its message tells."""

    path: str
    values: Mapping[str, object] = field(default_factory=dict)


Demand = Callable[[StudyRecord], Iterator[At]]


def at(path: str, **values: object) -> At:
    """A place with the values of its message."""
    return At(path, values)


def absent(name: str) -> Demand:
    """The field holds nothing."""

    def demand(study: StudyRecord) -> Iterator[At]:
        value = getattr(study, name)
        if value not in (None, []):
            yield at(name, found=len(value) if isinstance(value, list) else value)

    return demand


def present(name: str) -> Demand:
    """The field holds something."""

    def demand(study: StudyRecord) -> Iterator[At]:
        if getattr(study, name) in (None, []):
            yield at(name)

    return demand


def at_least(name: str, least: int) -> Demand:
    """The list holds so many rows, or the number is so large where it is stated."""

    def demand(study: StudyRecord) -> Iterator[At]:
        value = getattr(study, name)
        number = len(value) if isinstance(value, list) else value
        if number is not None and number < least:
            yield at(name, found=number, least=least)

    return demand


def of_each_case(find: Callable[[CaseRecord], Iterator[At]]) -> Demand:
    """What holds for each patient, with the way to the patient before the place."""

    def demand(study: StudyRecord) -> Iterator[At]:
        for index, case in enumerate(study.cases):
            for place in find(case):
                yield At(f"cases[{index}].{place.path}", place.values)

    return demand


def slug_is_no_address(study: StudyRecord) -> Iterator[At]:
    """The study's name is not that of an address of the API."""
    if study.slug in RESERVED_SLUGS:
        yield at("slug", slug=study.slug)


# Patients counted


def enrolled_is_the_cases(study: StudyRecord) -> Iterator[At]:
    """As many patients are enrolled as are told one by one."""
    if study.cases and study.enrolled != len(study.cases):
        found = "nobody" if study.enrolled is None else study.enrolled
        yield at("enrolled", found=found, cases=len(study.cases))


def at_most_one_case(study: StudyRecord) -> Iterator[At]:
    """One patient is told."""
    if len(study.cases) > 1:
        yield at("cases", found=len(study.cases))


def cases_within_enrolled(study: StudyRecord) -> Iterator[At]:
    """No more patients are told one by one than were enrolled."""
    if study.enrolled is not None and len(study.cases) > study.enrolled:
        yield at("cases", found=len(study.cases), enrolled=study.enrolled)


def arms_within_enrolled(study: StudyRecord) -> Iterator[At]:
    """No arm holds more patients than were enrolled."""
    for index, arm in enumerate(study.arms):
        if arm.n is not None and study.enrolled is not None and arm.n > study.enrolled:
            yield at(f"arms[{index}].n", arm=arm.slug, found=arm.n, enrolled=study.enrolled)


def arms_together_within_enrolled(study: StudyRecord) -> Iterator[At]:
    """Arms that share no patient hold no more together than were enrolled."""
    together = sum(arm.n for arm in study.arms if arm.n is not None)
    if study.enrolled is not None and together > study.enrolled:
        yield at("arms", found=together, enrolled=study.enrolled)


def _patients(row: ResultRecord) -> tuple[str, int]:
    """The field in which a result counts its patients, and how many they are."""
    if row.total is not None:
        return "total", row.total
    return "n", row.n or 0


def results_within_arm(study: StudyRecord) -> Iterator[At]:
    """No result counts more patients than its arm holds."""
    sizes = {arm.slug: arm.n for arm in study.arms}
    for index, row in enumerate(study.results):
        (name, found), size = _patients(row), sizes.get(row.arm)
        if size is not None and found > size:
            yield at(f"results[{index}].{name}", arm=row.arm, found=found, n=size)


def results_within_cases(study: StudyRecord) -> Iterator[At]:
    """No result, and no arm, counts more patients than are told one by one."""
    for index, arm in enumerate(study.arms):
        if arm.n is not None and arm.n > len(study.cases):
            yield at(f"arms[{index}].n", found=arm.n, cases=len(study.cases))
    for index, row in enumerate(study.results):
        name, found = _patients(row)
        if found > len(study.cases):
            yield at(f"results[{index}].{name}", found=found, cases=len(study.cases))


def findings_within_enrolled(study: StudyRecord) -> Iterator[At]:
    """No finding speaks of more patients than were enrolled."""
    for index, row in enumerate(study.findings):
        if row.patients is not None and study.enrolled is not None and row.patients > study.enrolled:
            yield at(f"findings[{index}].patients", found=row.patients, enrolled=study.enrolled)


# Arms


def _roles(study: StudyRecord, role: ArmRole) -> list[int]:
    return [index for index, arm in enumerate(study.arms) if arm.role == role]


def has_comparator(study: StudyRecord) -> Iterator[At]:
    """One arm or more is the comparator."""
    if not _roles(study, ArmRole.COMPARATOR):
        yield at("arms")


def has_no_comparator(study: StudyRecord) -> Iterator[At]:
    """No arm is a comparator."""
    for index in _roles(study, ArmRole.COMPARATOR):
        yield at(f"arms[{index}].role", arm=study.arms[index].slug)


def comparator_has_its_counterpart(study: StudyRecord) -> Iterator[At]:
    """A comparator stands beside an arm that is compared with it."""
    if not _roles(study, ArmRole.EXPERIMENTAL):
        for index in _roles(study, ArmRole.COMPARATOR):
            yield at(f"arms[{index}].role", arm=study.arms[index].slug)


def contrasts_have_two_arms(study: StudyRecord) -> Iterator[At]:
    """A contrast stands only where two arms do."""
    if study.contrasts and len(study.arms) < 2:
        yield at("contrasts", found=len(study.arms))


def arms_have_results(study: StudyRecord) -> Iterator[At]:
    """Each arm reports something."""
    told = {row.arm for row in study.results} | {
        end for row in study.contrasts for end in (row.arm, row.versus)
    }
    for index, arm in enumerate(study.arms):
        if arm.slug not in told:
            yield at(f"arms[{index}]", arm=arm.slug)


def results_within_follow_up(study: StudyRecord) -> Iterator[At]:
    """No result is later than the follow-up."""
    for index, row in enumerate(study.results):
        if row.week is not None and study.follow_up_weeks is not None and row.week > study.follow_up_weeks:
            yield at(f"results[{index}].week", week=row.week, follow_up=study.follow_up_weeks)


def glucocorticoid_has_agent(study: StudyRecord) -> Iterator[At]:
    """A glucocorticoid is named, in a regimen as in a course."""
    for arm_index, arm in enumerate(study.arms):
        for index, part in enumerate(arm.regimen):
            if part.therapy == GLUCOCORTICOID and part.agent is None:
                yield at(f"arms[{arm_index}].regimen[{index}].agent")
    for case_index, case in enumerate(study.cases):
        for index, course in enumerate(case.courses):
            if course.therapy == GLUCOCORTICOID and course.agent is None:
                yield at(f"cases[{case_index}].courses[{index}].agent")


# One patient


def _later(rows: Sequence[Any], name: str, week: str, last: int | None) -> Iterator[At]:
    """Rows of a list whose week is after the last one."""
    for index, row in enumerate(rows):
        found = getattr(row, week)
        if found is not None and last is not None and found > last:
            yield at(f"{name}[{index}].{week}", week=found, follow_up=last)


def relapse_within_follow_up(case: CaseRecord) -> Iterator[At]:
    """A relapse lies within the follow-up."""
    if case.relapse_week is not None and case.follow_up_weeks is not None:
        if case.relapse_week > case.follow_up_weeks:
            yield at("relapse_week", week=case.relapse_week, follow_up=case.follow_up_weeks)


def relapse_after_start(case: CaseRecord) -> Iterator[At]:
    """A relapse comes after the start of the index therapy."""
    if case.relapse_week is not None and case.relapse_week < 0:
        yield at("relapse_week", week=case.relapse_week)


def figures_within_follow_up(case: CaseRecord) -> Iterator[At]:
    """Nothing is measured, judged or begun after the follow-up ended."""
    last = case.follow_up_weeks
    yield from _later(case.courses, "courses", "start_week", last)
    yield from _later(case.measurements, "measurements", "week", last)
    yield from _later(case.organ_responses, "organ_responses", "week", last)
    yield from _later(case.responder_index, "responder_index", "week", last)


def organ_responses_are_of_its_organs(case: CaseRecord) -> Iterator[At]:
    """An organ that responds is one that had disease."""
    organs = set(case.organs)
    for index, row in enumerate(case.organ_responses):
        if row.organ not in organs:
            yield at(f"organ_responses[{index}].organ", organ=row.organ)


def scores_are_of_its_organs(case: CaseRecord) -> Iterator[At]:
    """An organ that scores in the Responder Index is one that had disease."""
    organs = set(case.organs)
    for index, row in enumerate(case.responder_index):
        if row.organ is not None and row.score > 0 and row.organ not in organs:
            yield at(f"responder_index[{index}].organ", organ=row.organ)


def has_organs(case: CaseRecord) -> Iterator[At]:
    """The organs with disease are named."""
    if not case.organs:
        yield at("organs")


def tells_response(case: CaseRecord) -> Iterator[At]:
    """How the patient fared is told."""
    if case.response == Response.NOT_REPORTED:
        yield at("response")


def _index_courses(case: CaseRecord) -> list[int]:
    return [index for index, course in enumerate(case.courses) if course.therapy == case.index_therapy]


def index_therapy_has_course(case: CaseRecord) -> Iterator[At]:
    """The index therapy is among the courses; doing nothing is no course."""
    if case.index_therapy != NO_TREATMENT and not _index_courses(case):
        yield at("courses", therapy=case.index_therapy)


def index_course_starts_week_0(case: CaseRecord) -> Iterator[At]:
    """A course of the index therapy starts in week 0, from which weeks count."""
    starts = [case.courses[index].start_week for index in _index_courses(case)]
    if starts and 0 not in starts and None not in starts:
        first = _index_courses(case)[0]
        yield at(f"courses[{first}].start_week", therapy=case.index_therapy, week=starts[0])


def steroid_effect_fits_courses(case: CaseRecord) -> Iterator[At]:
    """What became of the glucocorticoid fits whether there was one."""
    used = GLUCOCORTICOID in {course.therapy for course in case.courses}
    before = GLUCOCORTICOID in (case.prior_therapies or [])
    if case.steroid_effect == SteroidEffect.NEVER_USED and (used or before):
        yield at("steroid_effect", effect="never used", told="one is told")
    if case.steroid_effect in (SteroidEffect.STOPPED, SteroidEffect.REDUCED) and not (used or before):
        yield at("steroid_effect", effect=str(case.steroid_effect), told="none is told")


_BETTER = {OrganChange.RESOLVED, OrganChange.IMPROVED}
_RESPONDED = {Response.COMPLETE_REMISSION, Response.PARTIAL_REMISSION, Response.RESPONDED}
_FAILED = {Response.NO_RESPONSE, Response.WORSENING}


def response_fits_organs(case: CaseRecord) -> Iterator[At]:
    """The response as a whole does not contradict that of every organ."""
    better = [row.response in _BETTER for row in case.organ_responses]
    if not better:
        return
    in_words = Response(case.response).label.lower()
    if case.response in _RESPONDED and not any(better):
        yield at("response", response=in_words, organs="no organ is better")
    elif case.response == Response.COMPLETE_REMISSION and not all(better):
        yield at("response", response=in_words, organs="an organ is no better")
    elif case.response in _FAILED and all(better):
        yield at("response", response=in_words, organs="every organ is better")


def classification_fits_score(case: CaseRecord) -> Iterator[At]:
    """Status and score of the 2019 ACR/EULAR criteria agree."""
    status, score = case.acr_eular_2019, case.acr_eular_2019_score
    if status is None or score is None:
        return
    enough = score >= ACR_EULAR_THRESHOLD
    agrees = {ClassificationStatus.MET: enough, ClassificationStatus.NOT_MET: not enough}
    if not agrees.get(ClassificationStatus(status), False):
        yield at("acr_eular_2019", status=ClassificationStatus(status).label.lower(), score=score)


def total_covers_organs(case: CaseRecord) -> Iterator[At]:
    """A total of the Responder Index is no less than its organs give, an urgent one twice."""
    given: dict[tuple[int, str], int] = defaultdict(int)
    for row in case.responder_index:
        if row.organ is not None:
            given[row.week, row.version] += row.score * (2 if row.urgent else 1)
    for index, row in enumerate(case.responder_index):
        if row.organ is None and row.score < given[row.week, row.version]:
            yield at(f"responder_index[{index}].score", total=row.score, organs=given[row.week, row.version])


def total_is_the_measurement(case: CaseRecord) -> Iterator[At]:
    """The Responder Index told as a measurement is one of the totals told for that week."""
    totals: dict[int, set[int]] = defaultdict(set)
    for row in case.responder_index:
        if row.organ is None:
            totals[row.week].add(row.score)
    for index, measured in enumerate(case.measurements):
        told = totals.get(measured.week)
        if measured.analyte == RESPONDER_INDEX and told and measured.value not in told:
            yield at(
                f"measurements[{index}].value",
                value=f"{measured.value:g}",
                week=measured.week,
                totals=" and ".join(str(total) for total in sorted(told)),
            )


def measured_once(case: CaseRecord) -> Iterator[At]:
    """An analyte has one value a week."""
    first: dict[tuple[str, int], float] = {}
    for index, row in enumerate(case.measurements):
        value = first.setdefault((row.analyte, row.week), row.value)
        if value != row.value:
            yield at(f"measurements[{index}]", analyte=row.analyte, week=row.week, other=f"{value:g}")
