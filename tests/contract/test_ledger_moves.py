"""The contract of the ledger: filed documents moved to another patient, and copied to a second one."""

from __future__ import annotations

import pytest

from ingest.errors import Conflict, LostLease, NotFound, WrongUse
from ingest.ledger import Act, JobKind, Ledger, Misfile, Recall, Recut, Shown
from ingest.ledger.looks import SEARCHED
from ingest.ledger.records import FoundHow
from ingest.model import Disposition, Document, DocumentState
from tests.contract.ledger_steps import NOW, claim, file_now, filed, later, patient, pdf, read, to_file, to_review


@pytest.fixture(autouse=True)
def _patients(ledger: Ledger) -> None:
    ledger.load_patients([patient(mrn) for mrn in ("0012", "0013", "0099")], now=NOW)


def act(ledger: Ledger, document: Document, what: Act, mrn: str | None = None) -> Document:
    return ledger.decide_by_person(
        document_id=document.id, version=document.version, act=what, mrn=mrn, by="anna", acting_for=None,
        note="the sticker is another's", now=NOW,
    )  # fmt: skip


def settled(ledger: Ledger, document: Document) -> Document:
    """The act's filing done, and its withdrawals."""
    content = f"pdf {document.version}"
    done = file_now(ledger, document, path=f"records/{document.id}-{document.version}.pdf", content=content)
    for row in ledger.pending_withdrawals():
        ledger.removed(row.id, f"withdrawn/{row.id}.pdf", NOW)
    return done


def copied(ledger: Ledger, document: Document, mrn: str = "0099") -> Document:
    return ledger.copy_by_person(
        document_id=document.id, version=document.version, mrn=mrn, by="anna", acting_for=None, note="newborn", now=NOW
    )


def whole(ledger: Ledger) -> None:
    assert ledger.check_pages() == ()
    assert ledger.check_rows() == ()
    assert ledger.check_audit() == ()


def marks(ledger: Ledger) -> list[tuple[str, int, bool]]:
    return [(found.document_id, found.version, found.by_program) for found in ledger.misfiles()]


def test_a_refiled_document_leaves_one_record_and_enters_the_other_once(ledger: Ledger) -> None:
    document = filed(ledger)
    moved = act(ledger, document, Act.REFILE, "0013")

    assert (moved.state, moved.mrn, moved.filed_as, moved.version) == (DocumentState.WORKING, None, None, 2)
    assert [row.document_id for row in ledger.pending_withdrawals()] == [document.id]
    done = settled(ledger, moved)

    assert (done.id, done.state, done.mrn) == (document.id, DocumentState.FILED, "0013")
    assert [(row.act, row.mrn, row.note) for row in ledger.history(document.id)] == [
        ("pipeline", "0012", None),
        ("refile", "0013", "the sticker is another's"),
    ]
    first, second = ledger.renditions(document.id)
    assert (first.mrn, first.kept_as, second.mrn, second.withdrawn_at) == (
        "0012",
        f"withdrawn/{first.id}.pdf",
        "0013",
        None,
    )
    assert ledger.misfiles() == (
        Misfile(
            document_id=document.id, version=1, by_program=True, found_how=FoundHow.REFILE, found_by="anna",
            found_at=NOW,
        ),
    )  # fmt: skip
    assert ledger.open_jobs() == 0
    whole(ledger)


def test_a_filing_by_a_person_is_a_misfile_of_a_person(ledger: Ledger) -> None:
    (waiting,) = read(ledger, to_review(1))
    accepted = settled(ledger, act(ledger, waiting, Act.ACCEPT))
    act(ledger, accepted, Act.REFILE, "0099")
    assert marks(ledger) == [(waiting.id, 2, False)]


def test_undo_files_a_refiled_document_to_its_first_patient_again_and_takes_the_mark(ledger: Ledger) -> None:
    document = filed(ledger)
    moved = settled(ledger, act(ledger, document, Act.REFILE, "0013"))
    back = settled(ledger, act(ledger, moved, Act.UNDO))

    assert (back.state, back.mrn, back.reasons) == (DocumentState.FILED, "0012", document.reasons)
    assert ledger.misfiles() == ()
    again = settled(ledger, act(ledger, back, Act.REFILE, "0099"))
    assert marks(ledger) == [(document.id, 1, True)]  # the program's decision, not the undo that brought it back
    act(ledger, settled(ledger, act(ledger, again, Act.UNDO)), Act.UNDO)
    assert ledger.document(document.id).state is DocumentState.REVIEW
    assert "took it back" in ledger.document(document.id).reasons[0]
    whole(ledger)


def test_undo_goes_back_refile_by_refile(ledger: Ledger) -> None:
    (waiting,) = read(ledger, to_review(1))
    document = settled(ledger, act(ledger, waiting, Act.ACCEPT))
    for mrn in ("0013", "0099"):
        document = settled(ledger, act(ledger, document, Act.REFILE, mrn))
    assert marks(ledger) == [(waiting.id, 2, False), (waiting.id, 3, False)]
    document = settled(ledger, act(ledger, document, Act.UNDO))
    assert document.mrn == "0013"
    document = settled(ledger, act(ledger, document, Act.UNDO))
    assert (document.mrn, marks(ledger)) == ("0012", [])
    assert act(ledger, document, Act.UNDO).reasons == waiting.reasons


def test_undo_of_a_refile_under_way_stops_it(ledger: Ledger) -> None:
    document = filed(ledger)
    moved = act(ledger, document, Act.REFILE, "0013")
    job = claim(ledger, JobKind.FILE, at=later(60))
    back = act(ledger, moved, Act.UNDO)
    with pytest.raises(LostLease):
        ledger.conclude_filing(job, rendition=pdf("records/x.pdf"), now=NOW)
    assert settled(ledger, back).mrn == "0012"
    whole(ledger)


def test_what_is_not_filed_or_filed_there_cannot_be_refiled(ledger: Ledger) -> None:
    (waiting,) = read(ledger, to_review(1), name="w.pdf")
    (working,) = read(ledger, to_file(1), name="x.pdf")
    for document, remedy in ((waiting, "assign it to the patient"), (working, "wait until it is done")):
        for what in (Act.REFILE,):
            with pytest.raises(Conflict, match=remedy):
                act(ledger, document, what, "0013")
        with pytest.raises(Conflict, match=remedy):
            copied(ledger, document)
    document = filed(ledger)
    with pytest.raises(Conflict, match="nothing to refile"):
        act(ledger, document, Act.REFILE, "0012")
    with pytest.raises(NotFound, match="patient") as unknown:
        act(ledger, document, Act.REFILE, "777")
    assert "777" not in str(unknown.value)
    assert ledger.document(document.id) == document
    assert ledger.misfiles() == ()


def test_a_move_to_the_registration_that_survived_is_no_misfile(ledger: Ledger) -> None:
    document = filed(ledger)
    ledger.merge_patients(retired="0012", survivor="0013", by="anna", now=NOW)
    settled(ledger, act(ledger, document, Act.REFILE, "0013"))
    assert ledger.misfiles() == ()


def test_a_refiled_document_is_no_longer_the_programs_to_recall(ledger: Ledger) -> None:
    document = filed(ledger)
    settled(ledger, act(ledger, document, Act.REFILE, "0013"))
    assert ledger.recallable(Recall(since=NOW)) == ()


def test_who_looked_in_the_wrong_record_is_read_from_the_audit(ledger: Ledger) -> None:
    def look(action: str, actor: str, subject: str, **more: object) -> None:
        told = {name: str(value) for name, value in more.items() if name != "facts"}
        ledger.note(action=action, actor=actor, subject=subject, details=told, now=NOW, facts=more.get("facts"))  # type: ignore[arg-type]

    other = filed(ledger, name="other.pdf")
    (waiting,) = read(ledger, to_review(1))
    look("document.viewed", "early", waiting.id)
    document = settled(ledger, act(ledger, waiting, Act.ACCEPT))
    look("document.viewed", "mia", document.id, acting_for="dr. berg")
    look("page.viewed", "mia", document.id, page=2)
    look("page.viewed", "stranger", other.id, page=1)
    look(SEARCHED, "leo", "site", facts={"documents": [other.id, document.id]})
    look(SEARCHED, "stranger", "site", facts={"documents": [other.id]})
    moved = act(ledger, document, Act.REFILE, "0013")
    look("document.viewed", "late", document.id)

    looks = ledger.looks_at(document.id, since=document.version, until=moved.version)
    assert [(one.actor, one.action, one.acting_for, one.page) for one in looks] == [
        ("mia", "document.viewed", "dr. berg", None),
        ("mia", "page.viewed", None, 2),
        ("leo", SEARCHED, None, None),
    ]
    assert [one.actor for one in ledger.looks_at(document.id, since=moved.version)] == ["late"]


def test_a_copy_is_a_document_of_its_own_on_top_of_the_law_of_pages(ledger: Ledger) -> None:
    document = filed(ledger)
    copy = settled(ledger, copied(ledger, document))

    assert (copy.copy_of, copy.pages, copy.scan, copy.mrn) == (document.id, (1,), document.scan, "0099")
    assert ledger.document(document.id) == document
    assert [(row.act, row.mrn, row.note) for row in ledger.history(copy.id)] == [("copy", "0099", "newborn")]
    whole(ledger)
    undone = act(ledger, copy, Act.UNDO)
    assert (undone.state, undone.filed_as) == (DocumentState.DISCARDED, None)
    with pytest.raises(Conflict, match="copy it again"):
        act(ledger, undone, Act.UNDO)
    assert ledger.document(document.id) == document
    second = settled(ledger, copied(ledger, document))
    discarded = act(ledger, second, Act.DISCARD)
    assert discarded.state is DocumentState.DISCARDED
    assert [row.document_id for row in ledger.pending_withdrawals()] == [second.id]
    assert settled(ledger, act(ledger, discarded, Act.UNDO)).mrn == "0099"
    whole(ledger)


def test_a_copy_can_be_refiled_and_the_original_taken_back(ledger: Ledger) -> None:
    document = filed(ledger)
    copy = settled(ledger, copied(ledger, document))
    assert settled(ledger, act(ledger, copy, Act.REFILE, "0013")).mrn == "0013"
    assert act(ledger, document, Act.UNDO).state is DocumentState.REVIEW
    whole(ledger)


def test_copies_that_make_no_sense_are_refused(ledger: Ledger) -> None:
    document = filed(ledger)
    copy = settled(ledger, copied(ledger, document))
    for mrn in ("0012", "0099"):
        with pytest.raises(Conflict, match="already, as document"):
            copied(ledger, document, mrn)
    with pytest.raises(Conflict, match=f"copy of {document.id}"):
        copied(ledger, copy, "0013")
    with pytest.raises(NotFound):
        copied(ledger, document, "777")
    with pytest.raises(Conflict, match="decided on since"):
        ledger.copy_by_person(
            document_id=document.id, version=9, mrn="0013", by="a", acting_for=None, note=None, now=NOW
        )
    assert len(list(ledger.documents())) == 2


def test_a_copy_cannot_be_cut(ledger: Ledger) -> None:
    (document,) = read(ledger, to_file(1, 2))
    file_now(ledger, document)
    copy = copied(ledger, ledger.document(document.id))
    job = claim(ledger, JobKind.FILE, at=later(60))
    waiting = ledger.filing_failed(job, reason="no PDF", now=NOW)
    parts = [Disposition(pages=(page,), state=DocumentState.REVIEW, reasons=("cut",)) for page in (1, 2)]
    with pytest.raises(Conflict, match="copy its parts"):
        ledger.recut(
            what=Recut.SPLIT, old=[Shown(copy.id, waiting.version)], new=parts, by="a", acting_for=None, note=None,
            now=NOW,
        )  # fmt: skip
    whole(ledger)


def test_check_pages_finds_a_copy_that_holds_pages_or_is_of_nothing(ledger: Ledger) -> None:
    document = filed(ledger)
    other = filed(ledger, name="b.pdf")
    copy = settled(ledger, copied(ledger, document))
    for statement in (
        f"UPDATE documents SET copy_of = {int(other.id[1:])} WHERE number = {int(copy.id[1:])}",
        f"UPDATE documents SET copy_of = 999 WHERE number = {int(copy.id[1:])}",
        f"DELETE FROM document_pages WHERE document = {int(copy.id[1:])}",
    ):
        with ledger._database.write() as connection:
            connection.exec_driver_sql(statement)
        assert ledger.unlawful_copies() == (copy.id,)
        assert ledger.check_pages() == (f"document {copy.id}: it is called a copy, and has other pages",)


def test_every_other_act_with_its_own_method_says_so(ledger: Ledger) -> None:
    document = filed(ledger)
    with pytest.raises(ValueError, match="method of its own"):
        act(ledger, document, Act.COPY, "0013")
    with pytest.raises(WrongUse):
        act(ledger, document, Act.DESCRIBE)


def test_a_copy_is_not_looked_at_a_second_time(ledger: Ledger) -> None:
    """A blind look would name the first patient, and both are right."""
    document = filed(ledger)
    settled(ledger, copied(ledger, document))
    assert [one.document_id for one in ledger.undrawn().decisions] == [document.id]
