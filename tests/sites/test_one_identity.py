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
        "https://www.semanticscholar.org/arxiv/1706.03762",
        "https://api.semanticscholar.org/arXiv:1706.03762",
        "https://api.semanticscholar.org/graph/v1/paper/arXiv:1706.03762v3",
        "https://arxiv-sanity-lite.com/?rank=pid&pid=1706.03762",
        "https://www.arxiv-sanity.com/1706.03762v5",
        "https://www.catalyzex.com/paper/arxiv:1706.03762",
        "https://ui.adsabs.harvard.edu/abs/arXiv:1706.03762",
        "https://ui.adsabs.harvard.edu/abs/2017arXiv170603762V/abstract",
        "https://inspirehep.net/api/arxiv/1706.03762",
        "https://www.doi2bib.org/bib/1706.03762",
        "https://scholar.archive.org/work/ab3de/access/wayback/https://arxiv.org/pdf/1706.03762v5.pdf",
        "https://docs.google.com/viewer?url=https%3A%2F%2Farxiv.org%2Fpdf%2F1706.03762",
        "https://r.jina.ai/https://arxiv.org/abs/1706.03762",
        "https://arxiv-org.translate.goog/abs/1706.03762?_x_tr_sl=en&_x_tr_tl=fr",
        "https://arxiv.org/abs/1706.03762.",
        "https://arxiv.org/abs/1706.03762),",
        "https://arxiv.org/pdf/1706.03762.pdf)",
        "https://arxiv.org/abs/1706.03762%E2%80%8B",
        "https://doi.org/10.48550/arXiv.1706.03762.",
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
        ("https://zenodo.org/badge/doi/10.5281/zenodo.1234567.svg", "10.5281/zenodo.1234567"),
        ("https://dl.acm.org/citation.cfm?doid=3292500.3330701", "10.1145/3292500.3330701"),
        ("http://portal.acm.org/citation.cfm?id=1&doid=10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("https://www.nature.com/articles/s41586-020-2649-2", "10.1038/s41586-020-2649-2"),
        ("https://www.nature.com/articles/s41586-020-2649-2.pdf", "10.1038/s41586-020-2649-2"),
        ("https://www.nature.com/articles/s41586-024-07487-w/figures/1", "10.1038/s41586-024-07487-w"),
        ("https://www.nature.com/articles/s41599-020-00501-9", "10.1057/s41599-020-00501-9"),
        ("https://www.nature.com/articles/nature14539", "10.1038/nature14539"),
        ("https://www.nature.com/articles/nmeth.2089", "10.1038/nmeth.2089"),
        ("http://www.nature.com/nature/journal/v518/n7540/full/nature14236.html", "10.1038/nature14236"),
        ("https://www.biorxiv.org/content/early/2016/03/23/045229", "10.1101/045229"),
        (
            "https://www.biorxiv.org/content/biorxiv/early/2020/01/01/2020.01.01.123456.full.pdf",
            "10.1101/2020.01.01.123456",
        ),
        (
            "https://www.biorxiv.org/content/10.64898/2025.12.01.123456v1.full",
            "10.64898/2025.12.01.123456",
        ),
        (
            "http://www.plosone.org/article/info:doi/10.1371/journal.pone.0123456",
            "10.1371/journal.pone.0123456",
        ),
        (
            "http://www.plosone.org/article/info%3Adoi%2F10.1371%2Fjournal.pone.0123456",
            "10.1371/journal.pone.0123456",
        ),
        ("https://dx.plos.org/10.1371/journal.pone.0123456", "10.1371/journal.pone.0123456"),
        ("https://peerj.com/articles/cs-123/", "10.7717/peerj-cs.123"),
        ("https://elifesciences.org/articles/01234", "10.7554/elife.01234"),
        ("https://pubs.rsc.org/en/content/articlehtml/2018/sc/c7sc02664a", "10.1039/c7sc02664a"),
        (
            "https://bmcbioinformatics.biomedcentral.com/articles/10.1186/s12859-019-3019-7",
            "10.1186/s12859-019-3019-7",
        ),
        ("https://joss.theoj.org/papers/10.21105/joss.01686/status.svg", "10.21105/joss.01686"),
        ("https://sci-hub.se/10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("https://sci-hub.st/https://doi.org/10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("https://doi-org.proxy.example.edu/10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        (
            "https://ezproxy.example.edu/login?url=https://dl.acm.org/doi/10.1145/3292500.3330701",
            "10.1145/3292500.3330701",
        ),
        (
            "https://api.semanticscholar.org/graph/v1/paper/DOI:10.1145/3292500.3330701",
            "10.1145/3292500.3330701",
        ),
        ("https://doi.org/10.1145/3292500.3330701).", "10.1145/3292500.3330701"),
        ("https://doi.org/10.1016/S0140-6736(20)30183-5,", "10.1016/s0140-6736(20)30183-5"),
        ("https://doi.org/10.1016/S0140-6736(20)", "10.1016/s0140-6736(20)"),
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
        "https://www.nature.com/articles/sdata201635",  # the DOI, 10.1038/sdata.2016.35, has stops in it
        "https://www.nature.com/articles/palcomms201519",
        "https://www.nature.com/subjects/machine-learning",
        "https://dl.acm.org/citation.cfm?id=3330701",  # a number of ACM's own
        "https://www.sciencedirect.com/science/article/pii/S0893608014002135",
        "https://ieeexplore.ieee.org/document/7780459",
        "https://www.biorxiv.org/collection/bioinformatics",
        "https://peerj.com/articles/",
        "https://elifesciences.org/subjects/neuroscience",
        "https://sci-hub.se/",
        "https://notsci-hub.se/10.1145/3292500.3330701",
        "https://sci-hub.example.org/10.1145/3292500.3330701",
        "https://hdl.handle.net/2027/uc1.b4",
        "https://www.semanticscholar.org/paper/1234567",
        "https://api.semanticscholar.org/CorpusID:13756489",
        "https://www.arxiv-sanity.com/search?q=attention",
        "https://arxiv.org/abs/foo/0101001",  # no archive of that name
        "https://arxiv.org/abs/1706.037621",
        "https://paperswithcode.com/paper/attention-is-all-you-need",
        "https://scholar.archive.org/work/ab3de",
        "https://archive.ph/AbCdE",
        "https://archive.org/details/https://github.com/o/r",
        "https://my.archive.ph/https://github.com/o/r",
        "https://translate.google.com/?sl=en&tl=fr&text=hello",
        "https://example.org/login?url=https://github.com/o/r",
        "https://www.bing.com/ck/a?u=a1%FF",
        "https://deepwiki.com/search/x",
        "https://gitmcp.io/docs/x",
        "https://codesandbox.io/s/abcde",
        "https://replit.com/@someone/project",
        "https://mybinder.org/badge_logo.svg",
        "https://raw.githack.com/",
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
        "https://aclanthology.org/volumes/2020.acl-main/",
        "https://aclanthology.org/people/a/someone/",
        "https://aclanthology.org/N19-1423.bib",
        "https://www.aclweb.org/portal/",
        "https://proceedings.mlr.press/v97/",
        "https://proceedings.mlr.press/v97/tan19a/tan19a-supp.pdf",
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
        "https://mybinder.org/repo/o/r/main",
        "https://deepwiki.com/o/r/1-overview",
        "https://www.gitingest.com/o/r",
        "https://githubtocolab.com/o/r",
        "https://codespaces.new/o/r",
        "https://githubbox.com/o/r",
        "https://gitpod.io#github.com/o/r",
        "https://archive.ph/https://github.com/o/r",
        "https://archive.is/20200101000000/https://github.com/o/r",
        "https://archive.today/newest/https://github.com/o/r",
        "https://archive.ph/o/AbCdE/https://github.com/o/r",
        "https://arquivo.pt/wayback/20160101000000/https://github.com/o/r",
        "https://web.archive.org/save/https://github.com/o/r",
        "https://translate.google.com/translate?hl=en&sl=zh-CN&u=https://github.com/o/r",
        "https://github-com.translate.goog/o/r?_x_tr_sl=auto&_x_tr_tl=en",
        "https://webcache.googleusercontent.com/search?q=cache:abc_123:https://github.com/o/r+words&cd=1",
        "https://www.google.com/amp/s/github.com/o/r",
        "https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly9naXRodWIuY29tL28vcg&ntb=1",
        "https://ghproxy.com/https://github.com/o/r",
        "https://href.li/?https://github.com/o/r",
        "https://github.com/o/r),",
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


def test_a_copy_elsewhere_is_an_archived_copy_too() -> None:
    copy = "https://archive.today/2020.01.01-123456/https://example.org/x"
    assert unwrap(copy) == ("https://example.org/x", "20200101123456")
    assert is_memento(copy)


def test_a_full_stop_may_be_a_name_s_own() -> None:
    assert identify("https://github.com/o/r.").key == "github:o/r."


@pytest.mark.parametrize(
    "url",
    [
        "https://aclanthology.org/N19-1423",
        "http://aclanthology.org/N19-1423.pdf",
        "https://www.aclweb.org/anthology/N19-1423/",
        "http://aclweb.org/anthology/N19-1423.pdf",
        "https://www.aclweb.org/anthology/papers/N/N19/N19-1423/",
        "http://aclweb.org/anthology/N/N19/n19-1423.pdf",
        "https://aclanthology.info/papers/N19-1423/n19-1423",
    ],
)
def test_a_paper_of_the_anthology_is_one_page(url: str) -> None:
    page = "https://aclanthology.org/N19-1423/"
    assert (identify(url).key, identify(url).url) == (f"web:{page}", page)


def test_papers_of_proceedings_are_one_page_each() -> None:
    page = "https://proceedings.mlr.press/v97/tan19a.html"
    assert {
        identify(url).url
        for url in (page, "http://proceedings.mlr.press/v97/tan19a/tan19a.pdf", page.replace("https", "http"))
    } == {page}
    assert identify("https://www.aclweb.org/anthology/2020.acl-main.1.pdf").url.endswith("/2020.acl-main.1/")
