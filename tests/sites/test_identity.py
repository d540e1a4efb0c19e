"""Targets: out of the archive, into the canonical form, with one identity for one thing."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.addresses import flaws
from scraper.articles.reading import read_article
from scraper.sites.identity import identify, repository_of, targets, unwrap

STAMP = "20220926095407"
PAGE = "https://example.org/a?b=c&d=%2F#e"


@pytest.mark.parametrize(
    ("href", "url", "archived_at"),
    [
        (f"https://web.archive.org/web/{STAMP}/{PAGE}", PAGE, STAMP),
        (f"http://web.archive.org/web/{STAMP}/{PAGE}", PAGE, STAMP),
        (f"//web.archive.org/web/{STAMP}/{PAGE}", PAGE, STAMP),
        (f"https://archive.org/web/{STAMP}/{PAGE}", PAGE, STAMP),
        (f"http://www.archive.org/web/{STAMP}/{PAGE}", PAGE, STAMP),
        (f"HTTPS://Web.Archive.Org/web/{STAMP}/{PAGE}", PAGE, STAMP),
        (f"/web/{STAMP}/{PAGE}", PAGE, STAMP),
        (f"https://web.archive.org/web/{STAMP}id_/{PAGE}", PAGE, STAMP),
        (f"https://web.archive.org/web/{STAMP}if_/{PAGE}", PAGE, STAMP),
        (f"/web/{STAMP}im_/{PAGE}", PAGE, STAMP),
        (f"https://web.archive.org/web/{PAGE}", PAGE, ""),
        (f"/web/{PAGE}", PAGE, ""),
        (f"https://web.archive.org/web/*/{PAGE}", PAGE, ""),
        (f"https://web.archive.org/web/2022*/{PAGE}", PAGE, ""),
        (f"https://web.archive.org/web/2022id_/{PAGE}", PAGE, "20220101000000"),
        (f"https://web.archive.org/web/202209/{PAGE}", PAGE, "20220901000000"),
        (f"https://web.archive.org/web/20229999/{PAGE}", PAGE, ""),
        (f"https://web.archive.org/web/{STAMP}/http:/example.org/x", "http://example.org/x", STAMP),
        (f"https://web.archive.org/web/{STAMP}/example.org/x", "http://example.org/x", STAMP),
        (
            f"https://web.archive.org/web/{STAMP}/https%3A%2F%2Fexample.org%2Fx",
            "https://example.org/x",
            STAMP,
        ),
        (f"https://web.archive.org/web/{STAMP}/https://web.archive.org/web/2019/{PAGE}", PAGE, STAMP),
        (f"https://web.archive.org/web/https://web.archive.org/web/{STAMP}/{PAGE}", PAGE, STAMP),
        ("https://web.archive.org/", "https://web.archive.org/", ""),
        ("https://archive.org/web/", "https://archive.org/web/", ""),
        ("https://archive.org/details/x", "https://archive.org/details/x", ""),
        ("/web/about", "/web/about", ""),
        (PAGE, PAGE, ""),
        ("", "", ""),
    ],
)
def test_unwrap(href: str, url: str, archived_at: str) -> None:
    assert unwrap(href) == (url, archived_at)


FORUM = "H1gDNyrKDS"


@pytest.mark.parametrize(
    "url",
    [
        f"https://openreview.net/forum?id={FORUM}",
        f"http://www.openreview.net/forum?id={FORUM}",
        f"https://openreview.net/forum/?id={FORUM}",
        f"https://openreview.net/forum?id={FORUM}&noteId=S1eALyrYDH",
        f"https://openreview.net/forum?noteId=S1eALyrYDH&id={FORUM}#discussion",
        f"https://openreview.net/forum?referrer=%5Bthe%20profile%5D(/profile?id=~A_B1)&id={FORUM}",
        f"https://openreview.net/pdf?id={FORUM}",
        f"https://openreview.net/attachment?id={FORUM}&name=pdf",
        f"https://api.openreview.net/notes?forum={FORUM}&id=other",
        f"https://api2.openreview.net/notes?id={FORUM}",
        f"https://web.archive.org/web/{STAMP}/https://openreview.net/forum?id={FORUM}",
    ],
)
def test_every_door_of_a_forum_is_one_target(url: str) -> None:
    target = identify(url)
    assert (target.key, target.site, target.kind, target.id) == (
        f"openreview:{FORUM}",
        "openreview",
        "forum",
        FORUM,
    )
    assert target.url == f"https://openreview.net/forum?id={FORUM}"


@pytest.mark.parametrize("forum", ["-a_b-_", "_x-", "abc", "ABC"])
def test_forum_ids_are_kept_to_the_letter(forum: str) -> None:
    assert identify(f"https://openreview.net/forum?id={forum}").key == f"openreview:{forum}"


@pytest.mark.parametrize(
    "url",
    [
        "https://openreview.net/",
        "https://openreview.net/group?id=ICLR.cc/2020/Conference",
        "https://openreview.net/profile?id=~A_B1",
        "https://openreview.net/references/pdf?id=BJx_Zd2lB",
        "https://openreview.net/pdf/8b1ae2d0b1d6fd0e1a0a6ba2fb1c2b5d0aa03aae.pdf",
        "https://openreview.net/forum",
        "https://openreview.net/forum?id=",
        "https://openreview.net/forum?id=a%20b",
        "https://notopenreview.net/forum?id=abc",
        "https://github.com/",
        "https://github.com/automl",
        "https://github.com/features/actions",
        "https://github.com/orgs/automl/repositories",
        "https://github.com/sponsors/someone",
        "https://github.com/topics/automl",
        "https://github.com/a/..",
        "https://github.com/a/.",
        "https://github.com/a/.git",
        f"https://github.com/{'a' * 40}/b",
        f"https://github.com/a/{'b' * 101}",
        "https://gist.github.com/someone/0123456789abcdef",
        "https://automl.github.io/site/",
        "https://colab.research.google.com/drive/1234567890",
        "https://drive.google.com/drive/my-drive",
        "https://drive.google.com/open?id=short",
        "https://docs.google.com/document/d/1234567890abc/edit",
        "https://arxiv.org/list/cs.LG/recent",
        "https://arxiv.org/abs/20.1",
        "https://doi.org/",
        "https://doi.org/11.1000/x",
        "https://www.linkedin.com/in/someone/",
    ],
)
def test_what_is_a_page_and_no_more(url: str) -> None:
    target = identify(url)
    assert (target.key, target.site, target.kind, target.url) == (f"web:{url}", "web", "page", url)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/automl/RobustDARTS",
        "http://github.com/automl/RobustDARTS",
        "https://www.github.com/AutoML/robustdarts/",
        "https://github.com//automl/RobustDARTS",
        "https://github.com/automl/RobustDARTS.git",
        "https://github.com/automl/RobustDARTS/releases",
        "https://github.com/automl/RobustDARTS/wiki",
        "https://github.com/automl/RobustDARTS/stargazers",
        "https://github.com/automl/RobustDARTS/issues?q=is%3Aopen",
        "https://github.com/automl/RobustDARTS/compare/v1...someone:v2",
        "https://github.com/automl/RobustDARTS?tab=readme-ov-file#usage",
        "https://api.github.com/repos/automl/RobustDARTS",
        "git@github.com:automl/RobustDARTS.git",
        "ssh://git@github.com/automl/RobustDARTS.git",
        "git://github.com/automl/RobustDARTS.git",
        "github.com/automl/RobustDARTS",
        "https://token:x@github.com/automl/RobustDARTS",
    ],
)
def test_every_page_of_a_repository_is_one_target(url: str) -> None:
    target = identify(url)
    assert (target.key, target.site, target.kind) == ("github:automl/robustdarts", "github", "repository")
    assert target.id.lower() == "automl/robustdarts"
    assert target.url == f"https://github.com/{target.id}", "with the case it was written in"


@pytest.mark.parametrize(
    ("url", "part", "kind"),
    [
        ("https://github.com/AutoML/darts/blob/Dev/Src/a.py", "blob/Dev/Src/a.py", "file"),
        ("https://github.com/automl/darts/blob/dev/a.py?plain=1#L3", "blob/dev/a.py", "file"),
        ("https://raw.githubusercontent.com/automl/darts/dev/a.py", "blob/dev/a.py", "file"),
        ("https://github.com/automl/darts/raw/dev/a.py", "blob/dev/a.py", "file"),
        ("https://raw.githack.com/automl/darts/dev/a.html", "blob/dev/a.html", "file"),
        ("https://cdn.jsdelivr.net/gh/automl/darts@v1.2.3/a.js", "blob/v1.2.3/a.js", "file"),
        ("https://cdn.jsdelivr.net/gh/automl/darts/a.js", "blob/HEAD/a.js", "file"),
        (
            "https://htmlpreview.github.io/?https://github.com/automl/darts/blob/dev/a.html",
            "blob/dev/a.html",
            "file",
        ),
        ("https://nbviewer.org/github/automl/darts/blob/dev/a%20b.ipynb", "blob/dev/a%20b.ipynb", "file"),
        (
            "https://nbviewer.org/urls/raw.githubusercontent.com/automl/darts/dev/a.ipynb",
            "blob/dev/a.ipynb",
            "file",
        ),
        (
            "https://colab.research.google.com/github/automl/darts/blob/dev/a.ipynb",
            "blob/dev/a.ipynb",
            "file",
        ),
        ("https://mybinder.org/v2/gh/automl/darts/dev?filepath=x%2Fa.ipynb", "blob/dev/x/a.ipynb", "file"),
        (
            "https://mybinder.org/v2/gh/automl/darts/f%2Fx?urlpath=lab/tree/a.ipynb",
            "blob/f/x/a.ipynb",
            "file",
        ),
        ("https://github.dev/automl/darts/blob/dev/a.py", "blob/dev/a.py", "file"),
        ("https://github.com/automl/darts/tree/dev", "tree/dev", "branch"),
        ("https://github.com/automl/darts/tree/dev/src/", "tree/dev/src", "folder"),
        ("https://github.com/automl/darts/tree/dev//src", "tree/dev/src", "folder"),
        ("https://github.com/automl/darts/commits/dev", "commits/dev", "branch"),
        ("https://github.com/automl/darts/commit/0123abc.patch", "commit/0123abc", "commit"),
        ("https://github.com/automl/darts/issues/3#issuecomment-9", "issues/3", "issue"),
        ("https://github.com/automl/darts/pull/4/files", "pull/4", "pull"),
        ("https://github.com/automl/darts/discussions/5", "discussions/5", "discussion"),
        ("https://github.com/automl/darts/milestone/2?closed=1", "milestone/2", "milestone"),
        ("https://github.com/automl/darts/compare/v1...f/x", "compare/v1...f/x", "comparison"),
        ("https://github.com/automl/darts/compare/v1.0..v2.diff", "compare/v1.0..v2.diff", "comparison"),
        (
            "https://github.com/automl/darts/actions/workflows/ci.yml/badge.svg",
            "actions/workflows/ci.yml",
            "page",
        ),
        ("https://github.com/automl/darts/projects/2#column-1", "projects/2", "page"),
        ("https://github.com/automl/darts/releases/tag/v1", "releases/tag/v1", "release"),
        ("https://github.com/automl/darts/releases/latest", "releases/latest", "release"),
        ("https://github.com/automl/darts/releases/download/v1/w.zip", "releases/download/v1/w.zip", "asset"),
        ("https://github.com/automl/darts/archive/v1.tar.gz", "archive/v1.tar.gz", "asset"),
        (
            "https://codeload.github.com/automl/darts/zip/refs/heads/dev",
            "archive/refs/heads/dev.zip",
            "asset",
        ),
        ("https://github.com/automl/darts/wiki/Set-up", "wiki/Set-up", "wiki"),
        ("https://github.com/automl/darts/wiki/论文", "wiki/%E8%AE%BA%E6%96%87", "wiki"),
        ("https://github.com/automl/darts/wiki/%e8%ae%ba%E6%96%87", "wiki/%E8%AE%BA%E6%96%87", "wiki"),
        ("https://raw.githubusercontent.com/wiki/automl/darts/Set-up.md", "wiki/Set-up", "wiki"),
        ("https://web.archive.org/web/2020/https://github.com/automl/darts/issues/3", "issues/3", "issue"),
    ],
)
def test_parts_of_a_repository_are_targets_of_their_own(url: str, part: str, kind: str) -> None:
    target = identify(url)
    assert (target.key, target.kind) == (f"github:automl/darts/{part}", kind)
    assert target.url.lower() == f"https://github.com/automl/darts/{part}".lower()
    repository = repository_of(target)
    assert repository is not None
    assert (repository.key, repository.kind) == ("github:automl/darts", "repository")
    assert repository_of(repository) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://gist.github.com/someone/0123456789abcdef0123456789ABCDEF",
        "https://gist.github.com/0123456789abcdef0123456789abcdef#file-x-py",
        "https://gist.github.com/someone/0123456789abcdef0123456789abcdef.js",
        "https://gist.githubusercontent.com/someone/0123456789abcdef0123456789abcdef/raw/x.py",
        "https://nbviewer.org/gist/someone/0123456789abcdef0123456789abcdef",
        "https://colab.research.google.com/gist/someone/0123456789abcdef0123456789abcdef/x.ipynb",
    ],
)
def test_a_gist_by_all_its_doors(url: str) -> None:
    target = identify(url)
    assert (target.key, target.kind) == ("github:gist/0123456789abcdef0123456789abcdef", "gist")
    assert repository_of(target) is None


def test_places_within_a_target_are_gathered() -> None:
    article = read_article(
        b"[a](https://github.com/o/n/blob/x/a.py#L3) [b](https://github.com/o/n/blob/x/a.py#L9)"
        b" [c](https://github.com/o/n#usage)",
        "one.md",
    )
    found = {target.key: target.fragments for target in targets(article)}
    assert found == {"github:o/n/blob/x/a.py": ("L3", "L9"), "github:o/n": ("usage",)}


@pytest.mark.parametrize(
    ("url", "key", "canonical"),
    [
        (
            "https://drive.google.com/file/d/12QK7onizf2ArpEBK706ly8bNfiM9cPzp/view?usp=sharing",
            "gdrive:12QK7onizf2ArpEBK706ly8bNfiM9cPzp",
            "https://drive.google.com/file/d/12QK7onizf2ArpEBK706ly8bNfiM9cPzp/view",
        ),
        (
            "https://drive.google.com/uc?export=download&id=0B-_34567890",
            "gdrive:0B-_34567890",
            "https://drive.google.com/file/d/0B-_34567890/view",
        ),
        (
            "https://drive.google.com/open?id=0B-_34567890",
            "gdrive:0B-_34567890",
            "https://drive.google.com/file/d/0B-_34567890/view",
        ),
        (
            "https://drive.google.com/file/d/0B-_34567890/view?resourcekey=0-abc_D&usp=sharing",
            "gdrive:0B-_34567890",
            "https://drive.google.com/file/d/0B-_34567890/view?resourcekey=0-abc_D",
        ),
        (
            "https://drive.google.com/drive/u/0/folders/1AbCdEfGhIjK?usp=sharing",
            "gdrive:1AbCdEfGhIjK",
            "https://drive.google.com/drive/folders/1AbCdEfGhIjK",
        ),
        ("http://arxiv.org/abs/1909.09656v2", "arxiv:1909.09656", "https://arxiv.org/abs/1909.09656"),
        ("https://arxiv.org/pdf/1909.09656.pdf", "arxiv:1909.09656", "https://arxiv.org/abs/1909.09656"),
        ("https://www.arxiv.org/pdf/1909.09656v1", "arxiv:1909.09656", "https://arxiv.org/abs/1909.09656"),
        ("https://export.arxiv.org/html/1909.09656", "arxiv:1909.09656", "https://arxiv.org/abs/1909.09656"),
        (
            "https://arxiv.org/abs/hep-th/9901001v3",
            "arxiv:hep-th/9901001",
            "https://arxiv.org/abs/hep-th/9901001",
        ),
        ("https://arxiv.org/abs/math.GT/0309136", "arxiv:math/0309136", "https://arxiv.org/abs/math/0309136"),
        ("https://doi.org/10.1145/AbC.1", "doi:10.1145/abc.1", "https://doi.org/10.1145/AbC.1"),
        ("http://dx.doi.org/10.1145%2Fabc.1", "doi:10.1145/abc.1", "https://doi.org/10.1145/abc.1"),
        ("doi:10.1145/abc.1", "doi:10.1145/abc.1", "https://doi.org/10.1145/abc.1"),
        (
            "https://doi.org/10.1002/(SICI)1097<1::AID>3.0.CO;2-2",
            "doi:10.1002/(sici)1097<1::aid>3.0.co;2-2",
            "https://doi.org/10.1002/(SICI)1097<1::AID>3.0.CO;2-2",
        ),
    ],
)
def test_drive_arxiv_and_doi(url: str, key: str, canonical: str) -> None:
    target = identify(url)
    assert (target.key, target.url) == (key, canonical)


@pytest.mark.parametrize(
    ("url", "key", "visited"),
    [
        ("HTTP://Example.ORG", "web:http://example.org/", "HTTP://Example.ORG"),
        ("https://example.org:443/a", "web:https://example.org/a", "https://example.org:443/a"),
        ("http://example.org:8080/a", "web:http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://example.org/a#top", "web:https://example.org/a", "https://example.org/a"),
        (
            "https://example.org/?b=2&a=1&b=%20+",
            "web:https://example.org/?b=2&a=1&b=%20+",
            "https://example.org/?b=2&a=1&b=%20+",
        ),
        ("//example.org/a", "web:https://example.org/a", "https://example.org/a"),
        ("https://bücher.example/ü", "web:https://xn--bcher-kva.example/ü", "https://bücher.example/ü"),
        ("http://[2001:DB8::0:1]/", "web:http://[2001:db8::1]/", "http://[2001:DB8::0:1]/"),
        ("  https://example.org/a\n", "web:https://example.org/a", "https://example.org/a"),
        ("https://example.org/a\nb", "web:https://example.org/ab", "https://example.org/ab"),
        ("http://user:pw@example.org/", "web:http://example.org/", "http://example.org/"),
        ("http://h\\@evil.example/", "web:http://evil.example/", "http://evil.example/"),
    ],
)
def test_pages(url: str, key: str, visited: str) -> None:
    target = identify(url)
    assert (target.key, target.url) == (key, visited)


@pytest.mark.parametrize(
    "url",
    [
        "http://exa mple.com",
        "http://.test",
        "http://a..b/",
        f"http://{'a' * 64}.com/",
        f"http://{'a.' * 200}com/",
        "http://example.org:99999/",
        "http://example.org:0/",
        "http://example.org:-1/",
        "http://example.org:８０/",
        "http:///x",
        "http://[::1/",
        "http://[x]/",
        "http://xn--a/",
        "http://xn--/",
        "https:/example.org",
        "http://",
        "ftp://example.org/x",
        "example",
        "",
        "http://exa\u202emple.org/",
    ],
)
def test_what_cannot_be_visited_is_a_target_all_the_same(url: str) -> None:
    target = identify(url)
    assert (target.key, target.site, target.url) == (f"web:{url}", "web", url)


PIECES = st.sampled_from(
    [
        "https://",
        "http://",
        "//",
        "/web/",
        "/web/2022/",
        "https://web.archive.org/web/",
        "https://www.google.com/url?q=",
        "https://link.zhihu.com/?target=",
        "https://urldefense.com/v3/__",
        "__;!!",
        "https%3A//",
        "https://dl.acm.org/doi/",
        "https://nbviewer.org/github/",
        "https://cdn.jsdelivr.net/gh/",
        "git+https://",
        "gitpod.io/#",
        "arXiv:",
        "20220926095407/",
        "doi:",
        "github.com/",
        "openreview.net/",
        "forum?id=",
        "&id=",
        "#",
        "?",
        "%",
        "%2F",
        "@",
        "\\",
        ":",
        "..",
        ".git",
        "drive.google.com/",
        "file/d/",
        "open?id=",
        "arxiv.org/abs/",
        "1909.09656",
        "v2",
        "doi.org/",
        "10.1145/",
        "git@",
        "xn--",
        "bücher",
        "аррӏе",
        "\u00ad",
        "\ud800",
        " ",
        "\n",
        "[::1]",
        "user:pw@",
        "abcDEF_-123",
        "/",
        "例え",
        "resourcekey=",
        "İ",
        "\u3002",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=8).map("".join)))
@example("https://doi.org/10.1145/İ")
@example("https://u@web.archive.org/web/http://v@example.org")
def test_any_string_has_one_identity(url: str) -> None:
    target = identify(url)
    again = identify(target.url, target.archived_at)
    assert again == target
    assert identify(again.url).key == target.key


@given(st.lists(PIECES, max_size=8).map("".join))
def test_credentials_reach_no_address(url: str) -> None:
    target = identify(f"https://user:hunter2@example.org/{url}")
    assert "hunter2" not in target.url + target.key + target.id


@pytest.mark.parametrize(
    ("href", "word"),
    [
        ("http://аррӏе.test/", "imitates"),
        ("http://gооgle.test/", "imitates"),
        ("http://xn--80ak6aa92e.test/", "imitates"),
        ("https://exa\u00admple.org/", "invisible"),
        ("https://exa\u202emple.org/", "invisible"),
        ("https://example.org/a\u200bb", "invisible"),
        ("https://user:pw@example.org/", "password"),
        ("https://h\\x@evil.example/", "password"),
        ("https://h\\x/", "backslash"),
        ("https://example.org:99999/", "is not an address"),
        ("https://example.org/a b", "blanks"),
    ],
)
def test_flaws(href: str, word: str) -> None:
    assert any(word in flaw for flaw in flaws(href))


@pytest.mark.parametrize(
    "href",
    [
        "https://bücher.example/",
        "https://例え.example/",
        "https://пример.example/",
        "https://ひらがなカナ漢字abc.example",
        PAGE,
    ],
)
def test_honest_names_have_no_flaws(href: str) -> None:
    assert flaws(href) == []


def test_targets_are_unique_sorted_and_keep_the_first_time_stamp() -> None:
    first = b"[a](https://GitHub.com/Owner/Name) [b](https://web.archive.org/web/2020/https://github.com/owner/name)"
    second = b"[c](/web/2021/https://github.com/OWNER/NAME/actions) [d](https://arxiv.org/abs/1909.09656v1)"
    found = targets([read_article(first, "one.md"), read_article(second, "two.md")])
    assert [(one.key, one.url, one.archived_at) for one in found] == [
        ("arxiv:1909.09656", "https://arxiv.org/abs/1909.09656", ""),
        ("github:owner/name", "https://github.com/Owner/Name", "20200101000000"),
    ]
    assert targets(read_article(first, "one.md")) == found[1:]
