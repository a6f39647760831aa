"""The papers at /help: each is shown in each language, and whatever they name leads somewhere."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from tests.browser import page_in, violations
from tests.databases import Databases
from tests.demo.conftest import running
from tests.desk.test_pages import DESK, PHONE, SMALL, THUMB, Scheme, too_wide
from tests.pictures import MOST_BYTES, NAMES
from tests.stories.town import town_on
from tests.test_house import CLINICAL_WORDS, ROOT, SENDING_AWAY, place
from warmline.app import create_app
from warmline.desk.public import papers
from warmline.desk.public.papers import DOCS, HERE, Here, Paper
from warmline.prompts import LANGUAGES

README = ROOT / "README.md"
EVERY = list(product(sorted(papers.files()), LANGUAGES))
FILES = [README, *sorted(DOCS.rglob("*.md"))]
TECHNICAL = DOCS / "developers.md"
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:warmline|shifts|tests|alembic|\.ci)/[\w./-]*)`")
CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
HOSTILE = """# A <b>title</b>

<script>alert(1)</script> and <img src=x onerror=alert(1)>, [a link](javascript:alert(1))

## Under "quotes" <i>

| <b>head</b> |
|---|
| <b>cell</b> |

```<b>
<b>code</b>
```
"""


class Seen(HTMLParser):
    """What stands on a page: its tags, where it leads to, and the places on it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.leads: list[str] = []
        self.places: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.leads += [value or "" for name, value in attrs if name in ("href", "src")]
        self.places += [value or "" for name, value in attrs if name == "id"]


@pytest.fixture(scope="module")
def line(sqlite_databases: Databases) -> Iterator[TestClient]:
    """A line's own pages, asked for by a browser that wants English."""
    with sqlite_databases.migrated() as url, town_on(url) as town:
        yield TestClient(create_app(town.parts, sends_by_itself=False))


def shown(line: TestClient, address: str, **headers: str) -> tuple[int, Seen]:
    answer = line.get(address, headers=headers)
    page = "text/html" in answer.headers["content-type"]
    return answer.status_code, Seen(answer.text if page else "")


def paper(name: str, language: str) -> Paper:
    found = papers.read(name, language)
    assert found is not None
    return found


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_each_paper_is_shown_in_each_language_under_one_title(
    line: TestClient, name: str, language: str
) -> None:
    status, page = shown(line, f"{papers.address_of(name)}?lang={language}")
    assert status == 200
    assert page.tags.count("h1") == 1
    assert len(page.places) == len(set(page.places)), "no place is there twice"
    assert {one.place for one in paper(name, language).headings} <= set(page.places)


def test_whatever_a_paper_leads_to_is_there_with_its_place(line: TestClient) -> None:
    looked_at = cache(lambda address: shown(line, address))
    led = 0
    for name, language in EVERY:
        address = f"{papers.address_of(name)}?lang={language}"
        for lead in looked_at(address)[1].leads:
            to, spot = urldefrag(urljoin(address, lead))
            assert to.startswith("/"), f"{address}: {lead}"
            status, page = looked_at(to)
            assert status == 200, f"{address}: {lead}"
            assert not spot or spot in page.places, f"{address}: {lead}"
            led += 1
    assert led > 500


def test_whoever_begins_at_the_index_finds_every_paper(line: TestClient) -> None:
    for language in LANGUAGES:
        found, pending = set[str](), [HERE]
        while pending:
            here = pending.pop()
            if here in found:
                continue
            found.add(here)
            _, page = shown(line, f"{here}?lang={language}")
            leads = (path_of(lead) for lead in page.leads)
            pending += [one for one in leads if one.startswith(HERE) and ".png" not in one]
        assert found == {papers.address_of(name) for name in papers.files()}


def path_of(address: str) -> str:
    return urldefrag(address)[0].partition("?")[0]


@pytest.mark.parametrize("file", FILES, ids=place)
def test_in_the_files_too_every_link_and_every_path_leads_to_something(file: Path) -> None:
    text = CODE.sub("", file.read_text(encoding="utf-8"))
    for lead in LINK.findall(text):
        to, spot = urldefrag(lead)
        target = (file.parent / to).resolve() if to else file
        assert target.is_file(), lead
        assert not spot or spot in places_of(target), lead
    for named in NAMED.findall(text):
        assert (ROOT / named).exists(), named


@cache
def places_of(file: Path) -> set[str]:
    here = Here(".", "en", "en")
    return {one.place for one in papers.paper("", file.read_text(encoding="utf-8"), here).headings}


def test_the_readme_leads_to_the_papers_and_its_layout_names_what_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(LINK.findall(text)) >= 10
    layout = text.split("## The layout of the house")[1].split("```")[1]
    folder, count = ROOT, 0
    for indent, name in re.findall(r"^( *)([\w./]+/) ", layout, re.MULTILINE):
        folder = folder if indent else ROOT / name
        assert (folder / (name if indent else "")).is_dir(), name
        count += 1
    assert count >= 10


def test_a_paper_comes_in_the_readers_language_and_in_english_where_it_has_no_other(
    line: TestClient,
) -> None:
    spanish = line.get("/help/callers", headers={"accept-language": "es-MX"}).text
    assert "<h1>Para quien llama</h1>" in spanish
    assert '<article class="paper" lang="es">' in spanish
    assert "solo en inglés" not in spanish
    english = line.get("/help/callers", headers={"accept-language": "es", "cookie": ENGLISH}).text
    assert "<h1>For callers</h1>" in english
    fallen_back = line.get("/help/operators?lang=es").text
    assert "Este documento está solo en inglés." in fallen_back
    assert '<article class="paper" lang="en">' in fallen_back
    assert '<html lang="es">' in fallen_back


ENGLISH = "warmline_language=en"


def test_links_keep_the_readers_language_unless_they_name_another() -> None:
    english, for_a_spanish_reader = Here("decisions", "en", "en"), Here(".", "en", "es")
    assert english.leads_to("0003-writers-take-turns.md#why") == (
        "/help/decisions/0003-writers-take-turns?lang=en#why"
    )
    assert english.leads_to("../index.md") == "/help?lang=en"
    assert english.leads_to("../callers.es.md") == "/help/callers?lang=es"
    assert for_a_spanish_reader.leads_to("callers.md") == "/help/callers?lang=es"
    assert for_a_spanish_reader.leads_to("CHANGELOG.md") == "/help/changelog?lang=es"
    assert english.leads_to("#why") == "#why"
    assert english.leads_to("https://example.org/a.md") == "https://example.org/a.md"


@pytest.mark.parametrize(
    "address", ["/help/nothing", "/help/callers.md", "/help/../settings", "/help/pictures/x.png"]
)
def test_what_is_no_paper_is_not_found_and_is_not_kept_in_mind(
    line: TestClient, address: str
) -> None:
    kept = papers._read.cache_info().currsize
    assert line.get(address).status_code == 404
    assert papers._read.cache_info().currsize == kept


def test_no_html_of_a_file_gets_through() -> None:
    made = papers.paper("x", HOSTILE, Here(".", "en", "en"))
    page = Seen(str(made.body))
    assert not {"script", "img", "b", "i", "a"} & set(page.tags)
    assert {"table", "pre", "h2"} <= set(page.tags)
    assert "&lt;script&gt;" in made.body
    assert 'aria-label="Under &quot;quotes&quot; &lt;i&gt;"' in made.body
    assert made.title == "A <b>title</b>", "it is escaped where it is shown"


@pytest.mark.parametrize("file", FILES, ids=place)
def test_no_mark_of_a_file_is_left_for_readers_to_see(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    begun = re.findall(r"<!-- table: ([\w ]+) -->", text)
    examples = text.count("<!-- example: ")
    assert len(begun) == text.count("<!-- end -->") == (text.count("<!--") - examples) / 2
    assert "<!--" not in papers.MARKS.sub("", text)


@pytest.mark.parametrize("file", [file for file in FILES if file != TECHNICAL], ids=place)
def test_the_papers_speak_as_peers_do(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for wrong in (CLINICAL_WORDS, SENDING_AWAY):
        assert not wrong.search(text), wrong.search(text)


def test_each_picture_that_is_named_is_taken_and_small_and_no_other_is_there() -> None:
    taken = {path.stem: path.read_bytes() for path in (DOCS / "pictures").iterdir()}
    named = {
        Path(lead).stem
        for file in FILES
        for lead in LINK.findall(file.read_text(encoding="utf-8"))
        if lead.endswith(".png")
    }
    assert named == set(taken) == NAMES
    for name, data in taken.items():
        assert data.startswith(b"\x89PNG"), name
        assert len(data) < MOST_BYTES, name


def test_a_picture_may_be_kept_for_long_and_its_address_changes_with_it(line: TestClient) -> None:
    address = papers.picture("desk.png")
    assert re.fullmatch(r"/help/pictures/desk\.png\?v=[0-9a-f]{10}", address)
    answer = line.get(address)
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_public_page_and_the_foot_of_each_page_lead_to_the_papers(line: TestClient) -> None:
    assert {"/help", "/help/callers"} <= set(shown(line, "/")[1].leads)
    assert "/help" in shown(line, "/desk/sign-in")[1].leads


@pytest.mark.parametrize(
    ("address", "language", "scheme", "width"),
    [
        ("/help/coordinators", "en", "light", PHONE),
        ("/help/volunteers", "es", "dark", PHONE),
        ("/help", "es", "light", DESK),
    ],
)
def test_papers_are_for_everyone(
    browser: Browser, address: str, language: str, scheme: Scheme, width: int
) -> None:
    context = browser.new_context(
        locale=language, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page = page_in(context)
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    with running() as demo:
        demo.stage.speed = 0
        page.on("request", lambda r: troubles.append(r.url) if demo.url not in r.url else None)
        page.goto(demo.url)
        page.get_by_role("link", name="the papers").click()
        page.goto(demo.url + address)
        assert violations(page) == ""
        assert too_wide(page) <= 0
        assert page.evaluate(SMALL, THUMB) == []
        for picture in page.locator("article img").all():
            picture.scroll_into_view_if_needed()
            page.wait_for_function("one => one.naturalWidth > 0", arg=picture.element_handle())
    assert troubles == []
    context.close()


def test_a_long_table_scrolls_within_itself_and_its_card_prints_on_a4(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": PHONE, "height": 900})
    page = page_in(context)
    with running() as demo:
        demo.stage.speed = 0
        page.goto(f"{demo.url}/help/operators")
        assert too_wide(page) <= 0
        wider = "ones => ones.some(one => one.scrollWidth > one.clientWidth)"
        assert page.eval_on_selector_all(".paper .scroll", wider)
        assert page.eval_on_selector_all(".paper pre", wider)
        page.goto(f"{demo.url}/help/volunteers")
        printed = page.pdf(prefer_css_page_size=True)
        assert 2 <= len(re.findall(rb"/Type /Page\b(?!s)", printed)) <= 8
    context.close()
