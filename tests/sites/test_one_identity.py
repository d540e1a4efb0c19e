"""One thing, one target: by whichever mirror, publisher, viewer or redirect wrapper it is linked."""

from __future__ import annotations

import pytest

from scraper.sites.github.address import RESERVED
from scraper.sites.identity import identify, is_memento, unwrap

ATTENTION = "arxiv:1706.03762"


@pytest.mark.parametrize(
    "url",
    [
        "https://browse.arxiv.org/abs/1706.03762v2",
        "https://ar5iv.org/abs/1706.03762",
        "https://ar5iv.labs.arxiv.org/html/1706.03762",
        "https://www.alphaxiv.org/abs/1706.03762v7",
        "https://alphaxiv.org/overview/1706.03762",
        "http://xxx.lanl.gov/abs/1706.03762",
        "http://cn.arxiv.org/pdf/1706.03762.pdf",
        "http://de.arxiv.org/abs/1706.03762",
        "https://huggingface.co/papers/1706.03762",
        "https://www.arxiv-vanity.com/papers/1706.03762/",
        "https://arxiv.org/abs/arXiv:1706.03762",
        "https://arxiv.org/1706.03762",
        "https://arxiv.org/ftp/arxiv/papers/1706/1706.03762.pdf",
        "arXiv:1706.03762",
        "https://doi.org/10.48550/arXiv.1706.03762",
        "https://doi.org/10.48550/ARXIV.1706.03762v5",
        "doi:10.48550/arXiv.1706.03762",
    ],
)
def test_a_preprint_by_all_its_doors(url: str) -> None:
    target = identify(url)
    assert (target.key, target.url) == (ATTENTION, "https://arxiv.org/abs/1706.03762")


def test_a_preprint_of_the_old_days() -> None:
    for url in ("https://arxiv.org/ftp/cs/papers/0101/0101001.pdf", "http://xxx.lanl.gov/abs/cs/0101001v2"):
        assert identify(url).key == "arxiv:cs/0101001"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://doi.org/doi:10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("https://doi.org/https://doi.org/10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("https://dl.acm.org/doi/10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("https://dl.acm.org/doi/abs/10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701?casa_token=x", "10.1145/3292500.3330701"),
        ("https://dl-acm-org.proxy.example.edu/doi/10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("https://doi.acm.org/10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("https://link.springer.com/article/10.1007/s11263-015-0816-y", "10.1007/s11263-015-0816-y"),
        ("https://link.springer.com/chapter/10.1007/978-3-319-10602-1_48", "10.1007/978-3-319-10602-1_48"),
        (
            "https://link.springer.com/content/pdf/10.1007%2F978-3-319-10602-1_48.pdf",
            "10.1007/978-3-319-10602-1_48",
        ),
        ("https://onlinelibrary.wiley.com/doi/full/10.1002/sim.7472", "10.1002/sim.7472"),
        ("https://rss.onlinelibrary.wiley.com/doi/abs/10.1111/rssb.12017", "10.1111/rssb.12017"),
        (
            "https://onlinelibrary.wiley.com/doi/10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID%3E3.0.CO;2-2",
            "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid>3.0.co;2-2",
        ),
        (
            "https://www.tandfonline.com/doi/abs/10.1080/01621459.2017.1285773?journalCode=uasa20",
            "10.1080/01621459.2017.1285773",
        ),
        ("https://www.science.org/doi/10.1126/science.aaa8415", "10.1126/science.aaa8415"),
        ("https://www.pnas.org/doi/full/10.1073/pnas.1611835114", "10.1073/pnas.1611835114"),
        ("https://epubs.siam.org/doi/abs/10.1137/16M1080173", "10.1137/16m1080173"),
        (
            "https://journals.aps.org/prl/abstract/10.1103/PhysRevLett.120.145301",
            "10.1103/physrevlett.120.145301",
        ),
        ("https://iopscience.iop.org/article/10.1088/1742-6596/1/2/003/meta", "10.1088/1742-6596/1/2/003"),
        ("https://www.frontiersin.org/articles/10.3389/fnins.2018.00774/full", "10.3389/fnins.2018.00774"),
        (
            "https://www.frontiersin.org/journals/neuroscience/articles/10.3389/fnins.2018.00774/pdf",
            "10.3389/fnins.2018.00774",
        ),
        ("https://www.degruyter.com/document/doi/10.1515/9783110/html", "10.1515/9783110"),
        (
            "https://www.emerald.com/insight/content/doi/10.1108/IJIUS-01-2013-0002/full/html",
            "10.1108/ijius-01-2013-0002",
        ),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0123456",
            "10.1371/journal.pone.0123456",
        ),
        ("https://www.biorxiv.org/content/10.1101/2020.01.01.123456v1.full.pdf", "10.1101/2020.01.01.123456"),
        ("https://zenodo.org/doi/10.5281/zenodo.1234567", "10.5281/zenodo.1234567"),
    ],
)
def test_a_doi_in_the_address_of_a_page(url: str, key: str) -> None:
    target = identify(url)
    assert (target.key, target.kind) == (f"doi:{key}", "work")
    assert target.url.startswith("https://doi.org/10.")


@pytest.mark.parametrize(
    "url",
    [
        "https://dl.acm.org/doi/10.5555/3295222.3295349",  # a number of ACM's own that doi.org does not know
        "https://www.nature.com/articles/s41586-020-2649-2",  # the DOI's prefix is not in it
        "https://dl.acm.org/profile/81100",
        "https://link.springer.com/journal/11263",
        "https://example.org/doi/tools",
        "https://www.google.com/search?q=https://github.com/o/r",
        "https://www.google.com/url?q=/relative",
        "https://www.linkedin.com/in/someone/",
        "https://huggingface.co/papers",
        "https://huggingface.co/bert-base-uncased",
        "https://arxiv.org/list/cs.LG/recent",
        "https://nbviewer.org/",
        "https://mybinder.org/v2/gl/group%2Fname/main",
        "https://cdn.jsdelivr.net/npm/vue@3",
    ],
)
def test_what_only_looks_like_it(url: str) -> None:
    assert identify(url).key == f"web:{url}"


@pytest.mark.parametrize(
    "url",
    [
        "git+https://github.com/o/r@v1#egg=x",
        "git+https://github.com/o/r.git@main#subdirectory=python",
        "git+ssh://git@github.com/o/r.git@v1",
        "git+git://github.com/o/r",
        "ssh://git@github.com/o/r.git",
        "git@github.com:o/r.git",
        "https://nbviewer.org/github/o/r",
        "https://nbviewer.jupyter.org/github/o/r/tree/",
        "https://mybinder.org/v2/gh/o/r",
        "https://github.dev/o/r",
        "https://github1s.com/o/r",
        "https://vscode.dev/github/o/r",
        "https://gitpod.io/#https://github.com/o/r",
        "https://cdn.jsdelivr.net/gh/o/r@1/dist/x.js",
        "https://www.google.com/url?q=https://github.com/o/r&sa=D&source=editors&ust=1",
        "https://www.google.co.uk/url?sa=t&rct=j&url=https%3A%2F%2Fgithub.com%2Fo%2Fr&usg=x",
        "https://link.zhihu.com/?target=https%3A//github.com/o/r",
        "https://www.linkedin.com/redir/redirect?url=https%3A%2F%2Fgithub%2Ecom%2Fo%2Fr&urlhash=x",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fgithub.com%2Fo%2Fr&h=x",
        "https://slack-redir.net/link?url=https%3A%2F%2Fgithub.com%2Fo%2Fr&v=3",
        "https://nam04.safelinks.protection.outlook.com/?url=https%3A%2F%2Fgithub.com%2Fo%2Fr&data=02",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__github.com_o_r&d=DwMFaQ&c=x",
        "https://urldefense.com/v3/__https://github.com/o/r__;!!abc$",
        "https://web.archive.org/web/20220926095407/https://www.google.com/url?q=https://github.com/o/r",
        "https://www.google.com/url?q=https://link.zhihu.com/?target%3Dhttps%3A//github.com/o/r",
    ],
)
def test_a_repository_by_who_shows_it_or_leads_to_it(url: str) -> None:
    target = identify(url)
    assert (target.key, target.url) == ("github:o/r", "https://github.com/o/r")


@pytest.mark.parametrize(
    "owner",
    str.split(
        "user-attachments copilot models mcp enterprises integrations projects status assets github-copilot"
        " sponsors topics orgs settings marketplace features login notifications"
    ),
)
def test_names_that_github_keeps_for_itself(owner: str) -> None:
    url = f"https://github.com/{owner}/x"
    assert identify(url).key == f"web:{url}"


def test_owners_that_merely_sound_like_it() -> None:
    assert not {"google", "github", "microsoft", "huggingface", "openai", "pytorch", "apple"} & RESERVED


def test_a_redirect_wrapper_is_no_archived_copy() -> None:
    wrapped = "https://link.zhihu.com/?target=https%3A//example.org/x"
    assert unwrap(wrapped) == ("https://example.org/x", "")
    assert not is_memento(wrapped)
    assert is_memento("https://web.archive.org/web/2020/https://example.org/x")
