"""faults.md 33-37, and rule 2: pages that are not what their 200 says, and pages that only look so."""

from __future__ import annotations

from servers import redirect, response

from hostile.handlers import lazily, says_its_path
from hostile.labels import Behaviour, Labelled, many, same
from hostile.pages import ABOUT_404, ARTICLE, SOFT_404, html, page

SHELL = (
    b"<!doctype html><html><head><title>App</title></head><body><div id=root></div>"
    b"<script src=/static/app.js></script><noscript>You need JavaScript.</noscript></body></html>"
)
SAME = page("Acme", "Acme", "Acme makes many fine things for many fine people, today and tomorrow.")
LISTING = page("Proceedings", "All papers", "Here are the papers of the year, sorted by their first author.")


def encoded(title: str, charset: str, label: str | None = None, meta: str = "") -> bytes:
    """A page in that charset, labelled so in the header."""
    text = (
        f"<html><head>{meta}<title>{title}</title></head><body><h1>{title}</h1><p>{ARTICLE}</p></body></html>"
    )
    return response(text.encode(charset), kind=f"text/html; charset={charset if label is None else label}")


def texts(pages: dict[str, tuple[str, str, str]], reason: str) -> Labelled:
    return {f"/{name}": (page(*words), reason) for name, words in pages.items()}


def media(name: str, kind: str, body: bytes) -> Labelled:
    return {f"/{name}": (response(body, kind=kind), "ok")}


HEAVY = {
    "/divs": lambda: response(b"<title>Deep</title>" + b"<div>" * 50_000 + ARTICLE.encode()),
    "/attributes": lambda: response(
        b"<title>Wide</title><p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">" + ARTICLE.encode()
    ),
    "/comments": lambda: response(b"<title>Open</title>" + b"<!--" * 32_000),
    "/cdata": lambda: response(b"<title>Data</title>" + b"<![CDATA[" * 50_000),
    "/bold": lambda: response(b"<title>Bold</title>" + b"<b>x</b>" * 600_000),
}

BEHAVIOURS = (
    Behaviour("Soft 404 in many languages", texts(SOFT_404, "soft_404")),
    Behaviour("Pages about missing pages", texts(ABOUT_404, "ok")),
    Behaviour(
        "Soft 404 by a mark",
        same(
            "soft_404",
            {
                "/prerender": page("Shop", head="<meta name='prerender-status-code' content='404'>"),
                "/text": response(b"Not Found"),
                "/text-404": response(b"404 page not found\n", kind="text/plain; charset=utf-8"),
                "/file.pdf": page("Page not found", "Page not found", ""),
            },
        ),
    ),
    Behaviour(
        "Same page for every address",
        many("soft_404", SAME, ["/p/one", "/p/two", "/p/three", "/deep/er/one", "/s?id=1"]),
        {"*": SAME},
    ),
    Behaviour(
        "Every address is echoed",
        many("soft_404", says_its_path, ["/p/1a", "/p/2b"]),
        {"*": says_its_path},
    ),
    Behaviour(
        "Unknown ones get the listing",
        {"/paper/17": (LISTING, "soft_404"), "/paper/4711": (page("Paper 4711", "On small budgets"), "ok")},
        {"*": LISTING},
    ),
    Behaviour(
        "Unknown ones are sent home",
        same(
            "ok",
            {"/x/17": page("Seventeen", "On small budgets"), "/x/18": page("Eighteen", "On large budgets")},
        ),
        {"*": redirect("/"), "/": LISTING},
    ),
    Behaviour(
        "Parameters that mean nothing",
        same(
            "ok",
            {
                "/talk.html?utm_source=list&utm_medium=web": LISTING,
                "/talk2.html?v=2": LISTING,
                "/?ref=weekly": LISTING,
                "/about?lang=en": LISTING,
            },
        ),
    ),
    Behaviour(
        "Unknown identifiers get the listing",
        many("soft_404", LISTING, ["/view?id=99", "/forum?id=Bogus&noteId=Q", "/item.php?cat=1&item=7"]),
    ),
    Behaviour(
        "Drawn by scripts", many("ok", response(SHELL), ["/app/1", "/app/2", "/"]), {"*": response(SHELL)}
    ),
    Behaviour(
        "Parked domains",
        same(
            "parked",
            {
                "/sale": page("lab.test", "", "The domain lab.test is for sale! Buy this domain."),
                "/parked": page(
                    "lab.test", "lab.test is parked free", "This web page is parked free, courtesy of."
                ),
                "/expired": page("Expired", "This domain has expired", "If you are the owner, renew it."),
                "/german": page("lab.test", "Diese Domain steht zum Verkauf", ""),
                "/french": page("lab.test", "Ce domaine est à vendre", ""),
                "/chinese": page("lab.test", "域名出售", ""),
                "/frame": response(
                    b"<html><frameset><frame src=https://sedoparking.test/search?d=lab></frameset></html>"
                ),
                "/lander": response(b"<html><script>window.location.href='/lander'</script></html>"),
            },
        ),
        spread=True,
    ),
    Behaviour(
        "Not for sale",
        same(
            "ok",
            {
                "/houses": page("Buying a house", "The domain of real estate"),
                "/domains": page("Domain adaptation for sale prices", "Domain adaptation for sale prices"),
            },
        ),
    ),
    Behaviour(
        "Odd charsets",
        same(
            "ok",
            {
                "/latin": encoded("Grüße", "iso-8859-1"),
                "/gbk": encoded("论文列表", "gbk"),
                "/shift-jis": encoded("論文の一覧", "shift_jis"),
                "/koi8": encoded("Список статей", "koi8-r"),
                "/utf-16": encoded("Papers", "utf-16"),
                "/meta": encoded("论文", "gbk", "", "<meta charset=gbk>"),
                "/disagree": encoded("Grüße", "utf-8", "utf-8", "<meta charset=iso-8859-1>"),
                "/quoted": encoded("Papers", "utf-8", "'utf-8'"),
                "/invalid": response(b"<title>Papers \xff\xfe\xfa</title><p>" + ARTICLE.encode()),
            }
            | {
                f"/label-{number}": encoded("Papers", "ascii", label)
                for number, label in enumerate(
                    ("rot13", "base64", "zlib", "idna", "undefined", "utf-7", "UTF-99", "x" * 5000, "")
                )
            },
        ),
    ),
    Behaviour(
        "Soft 404 in its own charset",
        same(
            "soft_404",
            {
                "/gbk": response(
                    html("x")
                    .replace(b"<title>x", "<title>页面不存在".encode("gbk"))
                    .replace(b"charset=utf-8", b"charset=gbk")
                ),
                "/koi8": response(
                    "<title>Страница не найдена</title><h1>Страница не найдена</h1>".encode("koi8-r"),
                    kind="text/html; charset=koi8-r",
                ),
            },
        ),
    ),
    Behaviour(
        "Heavy markup", same("ok", {path: lazily(make) for path, make in HEAVY.items()}), compared=False
    ),
    Behaviour(
        "No page but a file",
        media("paper.pdf", "application/pdf", b"%PDF-1.7\n%\xe2\xe3")
        | media("figure.png", "image/png", b"\x89PNG\r\n\x1a\n")
        | media("data.json", "application/json", b"[" * 100_000)
        | media("data.csv", "text/csv", b"a,b\n1,2\n")
        | media("model.pt", "application/octet-stream", bytes(100_000))
        | media("feed.xml", "application/xml", b"<feed/>")
        | media("notes.txt", "text/plain", ARTICLE.encode())
        | media("pdf-as-html", "text/html", b"%PDF-1.7 and so on")
        | media("json-as-html", "text/html", b'{"title": null}')
        | media("empty", "text/html", b"")
        | media("no-type", "", ARTICLE.encode())
        | media("video.mp4", "video/mp4", bytes(300_000)),
    ),
    Behaviour(
        "Odd markup",
        same(
            "ok",
            {
                "/titles": page("", "A paper", head="<title></title><title>Second</title>"),
                "/none": page("None", "None of the above"),
                "/na": page("NA", "NA: a study of sodium"),
                "/script": page("&lt;script&gt;alert(1)&lt;/script&gt;", "On scripts"),
                "/base": page("Base", head='<base href="javascript:alert(1)">'),
                "/control": page("Title \x1b]0;owned\x07", "Title"),
                "/svg": page("Figures", extra="<svg><title>404</title></svg>"),
            },
        ),
    ),
)
