"""arXiv, DOI, Google Drive and the article's other hosts."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from sandbox_visitor import Visitor

ATOM = {"a": "http://www.w3.org/2005/Atom", "x": "http://arxiv.org/schemas/atom"}
ARXIV = "https://export.arxiv.org/api/query"
DRIVE = "https://drive.google.com/file/d"
FILE = "12QK7onizf2ArpEBK706ly8bNfiM9cPzp"


def entries(visitor: Visitor, ids: str) -> list[ET.Element]:
    # A document of the sandbox's own, so the parser need not be a hardened one
    return ET.fromstring(visitor.ask(f"{ARXIV}?id_list={ids}").text).findall("a:entry", ATOM)


def test_arxiv_answers_in_atom(running: Visitor) -> None:
    first, withdrawn = entries(running, "1910.05513,2001.90001,1999.99999")
    assert first.findtext("a:id", "", ATOM) == "http://arxiv.org/abs/1910.05513v3", "the latest version"
    assert first.findtext("a:title", "", ATOM) == "On Robustness of Neural Ordinary Differential Equations"
    assert first.findtext("a:author/a:name", "", ATOM) == "Hanshu YAN"
    assert "withdrawn" in withdrawn.findtext("x:comment", "", ATOM)
    (old,) = entries(running, "math/9913001v1")
    assert old.findtext("x:doi", "", ATOM) == "10.5555/sandbox.1"


def test_arxiv_knows_wrong_ids_from_unknown_ones(running: Visitor) -> None:
    assert entries(running, "1999.99999") == []
    (error,) = entries(running, "nonsense")
    assert error.findtext("a:title", "", ATOM) == "Error"
    assert running.ask("https://arxiv.org/abs/1910.05513").status_code == 200
    assert running.ask("https://arxiv.org/abs/1999.99999").status_code == 404


def test_arxiv_may_be_tired(visitor: Visitor) -> None:
    visitor.sandbox.world.faults.add("arxiv_down")
    reply = visitor.ask(f"{ARXIV}?id_list=1910.05513")
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "5")


def test_crossref_and_datacite_tell_of_a_doi(running: Visitor) -> None:
    work = running.json("https://api.crossref.org/works/10.5555%2Fsandbox.1")
    assert work["message-type"] == "work" and work["message"]["title"] == ["An article of the sandbox"]
    assert work["message"]["issued"] == {"date-parts": [[2021, 3, 4]]}
    assert work["message"]["abstract"].startswith("<jats:title>")
    unknown = running.ask("https://api.crossref.org/works/10.5072/sandbox.3")
    assert (unknown.status_code, unknown.text) == (404, "Resource not found.")
    data = running.json("https://api.datacite.org/dois/10.5072/sandbox.3")["data"]
    assert data["attributes"]["titles"] == [{"title": "A data set of the sandbox"}]
    missing = running.ask("https://api.datacite.org/dois/10.5072/none")
    assert missing.status_code == 404 and missing.json()["errors"][0]["status"] == "404"


def test_crossref_and_datacite_give_lists_that_leave_out_the_unknown(running: Visitor) -> None:
    asked = "doi:10.5555/SANDBOX.1,doi:10.5555/none,doi:10.5555/sandbox.2"
    reply = running.ask(f"https://api.crossref.org/works?filter={asked}&rows=3&select=DOI,updated-by")
    assert (reply.headers["x-rate-limit-limit"], reply.headers["x-rate-limit-interval"]) == ("5", "1s")
    first, second = reply.json()["message"]["items"]
    assert first == {"DOI": "10.5555/sandbox.1"}
    assert [notice["type"] for notice in second["updated-by"]] == ["correction", "retraction"]
    assert running.ask("https://api.crossref.org/works?filter=dio:10.5555/x").status_code == 400
    assert len(running.json(f"https://api.crossref.org/works?filter={asked}&rows=1")["message"]["items"]) == 1
    found = running.json("https://api.datacite.org/dois?ids=10.5072/SANDBOX.3,10.5072/none&page[size]=2")
    assert [work["id"] for work in found["data"]] == ["10.5072/sandbox.3"]


def test_the_gate_of_the_apis_may_be_a_page(visitor: Visitor) -> None:
    visitor.sandbox.world.faults.add("openreview_gate_page")
    visitor.sandbox.world.faults.add("openreview_api_gated_only")
    reply = visitor.ask("https://api2.openreview.net/notes?id=BJgnXpVYwS")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Verifying your browser" in reply.text


def test_the_resolver_of_dois(running: Visitor) -> None:
    found = running.ask("https://doi.org/10.5555/sandbox.1")
    assert (found.status_code, found.headers["location"]) == (302, "https://journal.sandbox.test/page/1")
    assert running.ask(found.headers["location"]).status_code == 200
    unknown = running.ask("https://doi.org/10.5555/none")
    assert unknown.status_code == 404 and "DOI Not Found" in unknown.text
    agencies = [running.json(f"https://doi.org/ra/{doi}")[0] for doi in ("10.5072/sandbox.3", "10.5555/none")]
    assert agencies == [
        {"DOI": "10.5072/sandbox.3", "RA": "DataCite"},
        {"DOI": "10.5555/none", "status": "DOI does not exist"},
    ]


def test_a_file_of_google_drive_is_open_or_wants_a_login_or_is_gone(visitor: Visitor) -> None:
    opened = visitor.ask(f"{DRIVE}/{FILE}/view?usp=sharing")
    assert opened.status_code == 200 and "sandbox.zip - Google Drive" in opened.text
    private = visitor.ask(f"{DRIVE}/sbxDriveLogin/view")
    assert private.status_code == 302
    assert private.headers["location"].startswith(
        "https://accounts.google.com/ServiceLogin?service=wise&continue="
    )
    assert "Sign in" in visitor.ask(private.headers["location"]).text
    assert visitor.ask(f"{DRIVE}/sbxDriveGone/view").status_code == 404
    assert visitor.ask(f"https://docs.google.com/document/d/{FILE}/edit").status_code == 200
    assert (
        visitor.ask(f"https://drive.google.com/open?id={FILE}").headers["location"] == f"{DRIVE}/{FILE}/view"
    )
    visitor.sandbox.world.kill(f"{DRIVE}/{FILE}/view")
    assert visitor.ask(f"{DRIVE}/{FILE}/view").status_code == 404


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://neptune.ai/blog/iclr-2020-deep-learning", 200),
        ("https://neptune.ai/blog/iclr-2020-reinforcement-learning", 404),
        ("https://neptune.ai/blog/iclr-2020-generative-models", 301),
        ("https://neptune.ai/blog/iclr-2020-nlp-nlu", 302),
        ("https://neptune.ai/blog/made-up", 404),
        ("https://medium.com/@iclr_conf/gone-virtual-lessons-from-iclr2020-1743ce6164a3", 403),
        ("https://www.linkedin.com/in/jingzhao-zhang-6b0a09a4/", 999),
        ("https://sites.google.com/view/jingzhao/home", 200),
        ("https://www.analyticsvidhya.com/blog/2020/05/key-takeaways-iclr-2020/", 200),
    ],
)
def test_hosts_of_the_article(running: Visitor, url: str, status: int) -> None:
    reply = running.ask(url)
    assert reply.status_code == status
    assert ("cf-mitigated" in reply.headers) is (status == 403)


def test_a_page_can_be_put_killed_and_revived(visitor: Visitor) -> None:
    world, url = visitor.sandbox.world, "https://a.example/x?y=1"
    world.page(url, title="Put here", x_note="yes")
    assert visitor.ask(url).headers["x-note"] == "yes" and "Put here" in visitor.ask(url).text
    world.kill(url, 410)
    assert visitor.ask(url).status_code == 410
    world.revive(url)
    assert visitor.ask(url).status_code == 200


def test_a_behaviour_that_heals_does_so_for_each_address(visitor: Visitor) -> None:
    answers = [
        visitor.ask(f"https://{host}/503-once").status_code
        for host in ("a.example", "a.example", "b.example")
    ]
    assert answers == [503, 200, 503]
    assert visitor.ask("http://a.example/upgrade").headers["location"] == "https://a.example/upgrade"
    assert visitor.ask("https://a.example/upgrade").status_code == 200
