"""First act: somebody writes, gets nine words, and comes back with them."""

from __future__ import annotations

from tropa.rehearsal.language import gettext as _
from tropa.rehearsal.page import Page
from tropa.rehearsal.scene import Scene

FIRST_PAGE_BYTES = 30_000


def write_in(scene: Scene) -> None:
    """From the first page to the nine words; the form is sent twice."""
    applicant, promises = scene.applicant, scene.promises
    page = applicant.open_first_page()
    weight, bare = _weight(scene, page)
    promises.check(
        page.status == 200 and bare,
        _("The first page of the drop works without script and fetches nothing from anybody else"),
        page.address,
    )
    promises.check(
        weight <= FIRST_PAGE_BYTES,
        _("The first page with its style weighs %(kilobytes).1f kB, of 30 at most")
        % {"kilobytes": weight / 1000},
    )
    scene.said.append(scene.text)
    page = applicant.write(scene.text)
    words = tuple(applicant.words)
    promises.check(len(words) == 9, _("A message is answered by nine words"), f"{page.status}, {len(words)}")
    scene.said.append(" ".join(words))
    applicant.send_it_again()
    page = applicant.come_back(" ".join(words))
    promises.check(
        tuple(applicant.words) == words and applicant.own_messages(page) == 1,
        _("The same form sent twice is one message under the same words"),
        str(applicant.own_messages(page)),
    )


def come_back(scene: Scene) -> None:
    """With one letter mistyped, and with words that are nobody's."""
    applicant, promises = scene.applicant, scene.promises
    page = applicant.come_back(applicant.mistyped())
    promises.check(
        applicant.own_messages(page) == 1,
        _("The nine words open the conversation with one letter mistyped"),
        page.address,
    )
    promises.check(
        not any(word_run in page.text for word_run in _runs(scene.text)),
        _("What one has written stands there as date and size, never as text"),
    )
    wrong = applicant.come_back(" ".join(reversed(applicant.words)))
    promises.check(
        applicant.own_messages(wrong) == 0
        and len(wrong.body) == len(page.body)
        and wrong.status == page.status,
        _("Words that open nothing are answered by a page of the same size"),
        f"{len(wrong.body)}, {len(page.body)}",
    )
    applicant.come_back(" ".join(applicant.words))


def _weight(scene: Scene, page: Page) -> tuple[int, bool]:
    """Bytes of page and style as they pass the wire, and whether it stands without script."""
    policy = page.headers.get("content-security-policy", "")
    bare = not page.scripted and "script-src" not in policy and "default-src 'none'" in policy
    fetched = [address for address in page.fetched if address.endswith(".css")]
    styles = [scene.applicant.browser.get(address) for address in fetched]
    return len(page.body) + sum(len(style.body) for style in styles), bare and bool(styles)


def _runs(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[start : start + 3]) for start in range(max(1, len(words) - 2))]
