"""Each form of article: what it links to, where, and under which heading; what is none of them."""

from __future__ import annotations

import pytest

from scraper.articles import forms
from scraper.articles.fixing import apply, propose
from scraper.articles.reading import read_article
from scraper.errors import ArticleError
from scraper.model import Article


def read(text: str, source: str) -> Article:
    return read_article(text.encode(), source)


def found(text: str, source: str) -> list[str]:
    return [mention.target for mention in read(text, source).mentions]


def hrefs(text: str, source: str) -> list[str]:
    return [mention.href for mention in read(text, source).mentions]


def sections(text: str, source: str) -> list[tuple[int | None, str]]:
    return [(one.section_number, one.section_title) for one in read(text, source).mentions]


# Which form it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("<!-- x -->\n<!DOCTYPE html><a href='https://e.org'>x</a>", "html"),
        ('{"cells": [], "nbformat": 4}', "notebook"),
        ('{"links": ["https://e.org"]}', "json"),
        ('<?xml version="1.0"?>\n<rss><link>https://e.org</link></rss>', "xml"),
        ("% made by hand\n@article{key,\n url={https://e.org}}", "bibtex"),
        ("TY  - JOUR\nUR  - https://e.org\nER  - ", "ris"),
        ("\\documentclass{article}\n\\url{https://e.org}", "latex"),
        ("#+TITLE: List\n[[https://e.org]]", "org"),
        ("= List\n:toc:\n\nhttps://e.org[x]", "asciidoc"),
        ("From: <Saved>\nMIME-Version: 1.0\n\nx", "mhtml"),
        ("# List\n\nhttps://e.org", "markdown"),
        ("see https://e.org", "plain"),
    ],
)
def test_standard_input_is_told_by_its_looks(text: str, form: str) -> None:
    assert forms.tell(text, "-", unnamed=True).form.name == form


@pytest.mark.parametrize("form", [form for form in forms.FORMS if form.name != "plain"])
def test_a_name_or_a_media_type_says_the_form(form: forms.Form) -> None:
    for ending in form.endings:
        assert forms.tell("x", f"a/b{ending.upper()}").form is form
    for media in form.media:
        assert forms.tell("x", "a", f"{media}; charset=utf-8").form is form


def test_a_server_that_says_plain_text_does_not_know_better_than_the_name() -> None:
    assert forms.tell("# x", "README.md", "text/plain").form.name == "markdown"
    assert forms.tell("# x", "README.md", "text/html").form.name == "html"
    assert forms.tell("# x", "list", "text/plain").form.name == "plain"


@pytest.mark.parametrize("source", ["list.weird", "README", "a.log"])
def test_what_is_not_known_is_plain_text_and_is_said_to_be(source: str) -> None:
    article = read("    https://e.org/1\n`https://e.org/2` [x](https://e.org/3)", source)
    assert [one.href for one in article.mentions] == [f"https://e.org/{n}" for n in "123"]
    assert article.notices == ("has no known form; it was read as plain text",)


@pytest.mark.parametrize("source", ["a.md", "a.txt", "a.bib", "a.csv"])
def test_a_known_form_needs_no_notice(source: str) -> None:
    assert read("x", source).notices == ()


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 x", b"PK\x03\x04", b"\x89PNG", b"a\x00b", bytes(range(1, 32)) * 99]
)
@pytest.mark.parametrize("source", ["a.csv", "a.weird", "a.bib"])
def test_binary_is_refused_in_one_line(data: bytes, source: str) -> None:
    with pytest.raises(ArticleError) as refused:
        read_article(data, source)
    assert "\n" not in str(refused.value)
    assert source in str(refused.value)


# CSV and TSV --------------------------------------------------------------------------------------


def test_csv_cell_by_cell() -> None:
    text = (
        "title,paper,year,code,stars,checked\r\n"
        '"A, ""quoted"" title",http://papers.nips.cc/1.pdf,2017,https://github.com/o/r,46593,2019-01-02\r\n'
        'B,"https://openreview.net/forum?id=X_1-, https://github.com/o/s",,https://a.example/x;b,,\r\n'
    )
    article = read(text, "list.csv")
    assert [
        (one.line, one.section_number, one.section_title, one.text, one.href) for one in article.mentions
    ] == [
        (2, 1, "paper", 'A, "quoted" title', "http://papers.nips.cc/1.pdf"),
        (2, 1, "code", 'A, "quoted" title', "https://github.com/o/r"),
        (3, 2, "paper", "B", "https://openreview.net/forum?id=X_1-"),
        (3, 2, "paper", "B", "https://github.com/o/s"),
        (3, 2, "code", "B", "https://a.example/x;b"),
    ]


def test_identifiers_in_cells() -> None:
    text = (
        "arxiv_id,DOI,github,forum,score\n"
        "1706.03762,10.1145/3292500.3330701,owner/name,H1gDNyrKDS,1503.1\n"
        '"1503.02531; 1409.1556",,https://github.com/o/r,,1503.0253\n'
    )
    assert found(text, "a.csv") == [
        "arxiv:1706.03762",
        "doi:10.1145/3292500.3330701",
        "github:owner/name",
        "openreview:H1gDNyrKDS",
        "arxiv:1503.02531",
        "arxiv:1409.1556",
        "github:o/r",
    ]


def test_a_column_of_numbers_holds_no_preprints() -> None:
    assert found("id,n\na,1503.02531\nb,1503.99999\n", "a.csv") == ["arxiv:1503.02531", "arxiv:1503.99999"]
    assert found("id,n\na,1503.02531\nb,-2.5\nc,1409.1556\n", "a.csv") == []


def test_a_stray_quote_swallows_nothing() -> None:
    rows = [
        f"``near-optimal' \"x\t{number}\thttps://openreview.net/forum?id=id{number}" for number in range(50)
    ]
    rows[10] = '"' + rows[10]
    text = "\n".join(["abstract\tn\turl", *rows])
    assert found(text, "a.tsv") == [f"openreview:id{number}" for number in range(50)]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_cells_is_found(sign: str) -> None:
    text = "\n".join(
        sign.join(row) for row in [("a", "b"), ("x", "https://e.org/1"), ("y", "https://e.org/2")]
    )
    assert hrefs(text, "a.csv") == ["https://e.org/1", "https://e.org/2"]


def test_a_table_without_a_header() -> None:
    text = "x,https://e.org/1\ny,https://e.org/2\n"
    assert hrefs(text, "a.csv") == ["https://e.org/1", "https://e.org/2"]
    assert sections(text, "a.csv") == [(1, ""), (2, "")]


def test_lines_of_cells_that_hold_line_breaks() -> None:
    text = 'a,b\n"one\ntwo",https://e.org/1\n"see\nhttps://e.org/2",x\n'
    assert [one.line for one in read(text, "a.csv").mentions] == [3, 5]


# References ---------------------------------------------------------------------------------------

BIBTEX = r"""% Links here are none: https://no.example
@string{gh = "https://github.com/"}
@comment{x, url={https://no.example/}}
@article{vaswani, title={Attention {Is} All You \emph{Need}}, url = {https://arxiv.org/abs/1706.03762v5},
  eprint={1706.03762}, archivePrefix={arXiv}, doi = "10.1145/3292500.3330701",
  howpublished = {\url{https://a.example/x\_y\%20z}}, file={:C\:/x.pdf:PDF},
  note={See \href{https://b.example/q}{here {nested}} and arXiv:1503.02531}}
@misc(k2, url = gh # "o/r", journal = {arXiv preprint arXiv:1409.1556}, year = 2014, month = jan)
@inproceedings{k3, volume={abs/1610.02391}, journal={CoRR}, url={https://x.example/~u}, crossref={k2}}
@online{k4, eprinttype = {hdl}, eprint={2027/abc}, urldate = {2020-01-01}, url="https://c.example/a_{b}"}
"""


def test_bibtex() -> None:
    article = read(BIBTEX, "a.bib")
    assert [(one.line, one.text, one.target) for one in article.mentions] == [
        (4, "url", "arxiv:1706.03762"),
        (5, "eprint", "arxiv:1706.03762"),
        (5, "doi", "doi:10.1145/3292500.3330701"),
        (6, "howpublished", "web:https://a.example/x_y%20z"),
        (7, "note", "web:https://b.example/q"),
        (7, "note", "arxiv:1503.02531"),
        (2, "url", "github:o/r"),
        (8, "journal", "arxiv:1409.1556"),
        (9, "volume", "arxiv:1610.02391"),
        (9, "url", "web:https://x.example/~u"),
        (10, "eprint", "web:https://hdl.handle.net/2027/abc"),
        (10, "url", "web:https://c.example/a_"),
    ]
    assert article.mentions[0].section_title == "Attention Is All You Need"
    assert article.mentions[0].section_number == 1
    assert article.problems == ()


def test_an_address_of_bibtex_on_several_lines() -> None:
    text = (
        "@misc{a, url = {https://e.org/one/\n           two/\n three.html}}\n"
        "@misc{b, url = {https://e.org/2;\n https://e.org/3}}\n"
        "@misc{c, url = {https://e.org/4\n read in May}}\n"
    )
    article = read(text, "a.bib")
    assert [(one.line, one.href) for one in article.mentions] == [
        (1, "https://e.org/one/two/three.html"),
        (4, "https://e.org/2"),
        (5, "https://e.org/3"),
        (6, "https://e.org/4"),
    ]


def test_an_address_of_bibtex_without_a_scheme() -> None:
    text = "@misc{a, url = {e.org/one/two}, note = {e.org/three}}\n@misc{b, url = {papers/one.pdf}}\n"
    assert found(text, "a.bib") == ["web:http://e.org/one/two"]
    assert found("@misc{a, url = {GitHub.com/o/r}}", "a.bib") == ["github:o/r"]


def test_an_entry_that_does_not_end_costs_no_other() -> None:
    text = "@a{x, url={https://e.org/1}\n\n@a{y, url={https://e.org/2}}\n@a{z url={https://e.org/3}}"
    article = read(text, "a.bib")
    assert [one.href for one in article.mentions] == [f"https://e.org/{n}" for n in "123"]
    assert [problem.line for problem in article.problems] == [1, 4]


def test_ris() -> None:
    text = (
        "TY  - JOUR\r\nTI  - Title one\r\nUR  - https://a.example/1;https://a.example/2\r\n"
        "DO  - 10.1000/x(1)\r\n"
        "ER  - \r\n\r\nTY  - CONF\r\nT1  - Two\r\nDO  - https://doi.org/10.1000/abc\r\n"
        "M3  - 10.1000/m3\r\nER  - \r\n"
    )
    article = read(text, "a.ris")
    assert [(one.section_number, one.section_title, one.href) for one in article.mentions] == [
        (1, "Title one", "https://a.example/1"),
        (1, "Title one", "https://a.example/2"),
        (1, "Title one", "10.1000/x(1)"),
        (2, "Two", "https://doi.org/10.1000/abc"),
        (2, "Two", "10.1000/m3"),
    ]


# Data ---------------------------------------------------------------------------------------------


def test_csl_json() -> None:
    text = (
        r'[{"id": "a", "title": "One", "URL": "https:\/\/a.example\/x?a=1\u0026b=2", "DOI": "10.1000/182"},'
        "\n"
        r' {"id": "b", "title": "Two", "archive": "arXiv", "archive_location": "1706.03762"}]'
    )
    article = read(text, "a.json")
    assert [(one.line, one.section_number, one.section_title, one.url) for one in article.mentions] == [
        (1, 1, "One", "https://a.example/x?a=1&b=2"),
        (1, 1, "One", "https://doi.org/10.1000/182"),
        (2, 2, "Two", "https://arxiv.org/abs/1706.03762"),
    ]


def test_json_lines_and_what_is_no_json() -> None:
    assert hrefs('{"u": "https://e.org/1"}\n{"u": "https://e.org/2"}\n', "a.jsonl") == [
        "https://e.org/1",
        "https://e.org/2",
    ]
    broken = read('{"u": "https://e.org/1",}', "a.json")
    assert [one.href for one in broken.mentions] == ["https://e.org/1"]
    assert "is not valid JSON" in broken.problems[0].message


def test_a_list_of_projects_in_yaml() -> None:
    text = (
        "# https://no.example\n"
        "projects:\n"
        "  - name: Transformers\n    github_id: huggingface/transformers\n    pypi_id: transformers\n"
        "  - name: Other\n    links: [{name: Code, url: \"https://x.example/a\\u0026b\"}, 'https://y.example']\n"
        "    note: >-\n      see https://z.example/z, and\n      more\n"
        "    again: &a https://anchor.example\n    once: *a\n"
    )
    article = read(text, "projects.yaml")
    assert [(one.line, one.section_number, one.section_title, one.target) for one in article.mentions] == [
        (4, 1, "Transformers", "github:huggingface/transformers"),
        (7, 2, "Other", "web:https://x.example/a&b"),
        (7, 2, "Other", "web:https://y.example/"),
        (9, 2, "Other", "web:https://z.example/z"),
        (11, 2, "Other", "web:https://anchor.example/"),
    ]


def test_yaml_that_is_none_is_read_as_plain_text() -> None:
    article = read("a: [https://e.org/1\nb: {{ x }} https://e.org/2\n", "a.yml")
    assert [one.href for one in article.mentions] == ["https://e.org/1", "https://e.org/2"]
    assert "is not valid YAML" in article.problems[0].message


def test_toml() -> None:
    text = (
        'title = "List"\n[[papers]]\ntitle = "P1"\nurl = "https://a.example/1"\narxiv = "1706.03762"\n'
        "links = [ {name='l', url='https://b.example'}, \"https://c.example\" ] # https://no.example\n"
        '[[papers]]\ntitle = "P2"\nwhen = 2020-01-01 10:00:00.5\n"quoted.key" = """\nsee https://d.example/x\n"""\n'
    )
    article = read(text, "a.toml")
    assert article.title == "List"
    assert [(one.line, one.section_number, one.section_title, one.href) for one in article.mentions] == [
        (4, 1, "P1", "https://a.example/1"),
        (5, 1, "P1", "1706.03762"),
        (6, 1, "P1", "https://b.example"),
        (6, 1, "P1", "https://c.example"),
        (11, 2, "P2", "https://d.example/x"),
    ]


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: Post\nurl_pdf: https://e.org/1\nlinks:\n  - url: 'https://e.org/2'\n---\n",
        '+++\ntitle = "Post"\nurl_pdf = "https://e.org/1"\nlinks = [{url = "https://e.org/2"}]\n+++\n',
    ],
)
def test_front_matter(front: str) -> None:
    article = read(f"{front}\n# One\n\nhttps://e.org/3", "post.md")
    assert [one.href for one in article.mentions] == [f"https://e.org/{n}" for n in "123"]
    assert [one.section_title for one in article.mentions] == ["", "links", "One"]
    assert article.title == "Post"
    lines = front.splitlines()
    assert all(one.href in lines[one.line - 1] for one in article.mentions[:2])


# Markup -------------------------------------------------------------------------------------------


def test_org() -> None:
    text = (
        "#+TITLE: Awesome /things/\n#+LINK: gh https://github.com/%s\n"
        "* TODO Tools [[https://h.example][here]] :tag:\n"
        "    - [[https://github.com/a/b][a/b]] and https://github.com/owner/d.\n"
        "    - [[gh:e/f]] <https://g.example> =https://verbatim.example= [[doi:10.1000/182]]\n"
        "# https://comment.example\n: https://fixed.example\n"
        "#+begin_src sh\nhttps://src.example\n#+end_src\n"
        "[[https://t.example][https://img.example/b.png]]\n"
    )
    article = read(text, "a.org")
    assert article.title == "Awesome things"
    assert [(one.line, one.section_title, one.text, one.target) for one in article.mentions] == [
        (3, "Tools here", "here", "web:https://h.example/"),
        (4, "Tools here", "a/b", "github:a/b"),
        (4, "Tools here", "https://github.com/owner/d", "github:owner/d"),
        (5, "Tools here", "gh:e/f", "github:e/f"),
        (5, "Tools here", "https://g.example", "web:https://g.example/"),
        (5, "Tools here", "doi:10.1000/182", "doi:10.1000/182"),
        (11, "Tools here", "https://t.example", "web:https://t.example/"),
    ]


def test_asciidoc() -> None:
    text = (
        "= List\n:url-repo: https://github.com/o/r\n:unused: https://unused.example\n\n"
        "== Head https://x.example[X]\n"
        "See {url-repo}[repo], {url-repo}/issues[issues], https://asciidoctor.org[AsciiDoc,role=x].\n"
        "link:https://l.example/a_b[L^] link:++https://p.example/a__b++[P] <https://ang.example>\n"
        "\\https://escaped.example (https://par.example).\n"
        "// https://comment.example\n----\nhttps://code.example\n----\n////\nhttps://block.example\n////\n"
    )
    article = read(text, "a.adoc")
    assert article.title == "List"
    assert [(one.line, one.text, one.url) for one in article.mentions] == [
        (5, "X", "https://x.example"),
        (6, "repo", "https://github.com/o/r"),
        (6, "issues", "https://github.com/o/r/issues"),
        (6, "AsciiDoc", "https://asciidoctor.org"),
        (7, "L", "https://l.example/a_b"),
        (7, "P", "https://p.example/a__b"),
        (7, "https://ang.example", "https://ang.example"),
        (8, "https://par.example", "https://par.example"),
        (3, "unused", "https://unused.example"),
    ]
    assert article.mentions[1].section_title == "Head X"


def test_latex() -> None:
    text = (
        "\\documentclass{article}\n\\title{My \\emph{Title}}\n% \\url{https://no.example}\n\\section{Intro}\n"
        "\\href{https://github.com/pytorch/pytorch}{PyTorch\\_lib} 50\\% \\url{https://u.example/a\\_b%20c}\n"
        "https://bare.example/x\\_y, \\footnote{See https://f.example.} $x$\n"
        "\\begin{verbatim}\nhttps://verb.example\n\\end{verbatim} \\verb|https://verb.example|\n"
        "\\doi{10.1000/xyz} arXiv:1706.03762 \\newcommand{\\repo}{https://github.com/o/r}\n"
        "\\href{https://h.example/a\\%20b\\#c}{\\textbf{x}} \\href{mailto:a@b.c}{mail} \\url|https://d.example|\n"
    )
    article = read(text, "a.tex")
    assert article.title == "My Title"
    assert [(one.line, one.text, one.href) for one in article.mentions] == [
        (5, "PyTorch_lib", "https://github.com/pytorch/pytorch"),
        (5, "https://u.example/a_b%20c", "https://u.example/a_b%20c"),
        (6, "https://bare.example/x_y", "https://bare.example/x_y"),
        (6, "https://f.example", "https://f.example"),
        (10, "10.1000/xyz", "10.1000/xyz"),
        (10, "arXiv:1706.03762", "arXiv:1706.03762"),
        (10, "https://github.com/o/r", "https://github.com/o/r"),
        (11, "x", "https://h.example/a%20b#c"),
        (11, "https://d.example", "https://d.example"),
    ]
    assert article.mentions[0].section_title == "Intro"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # As hyperref 7.00v with pdfTeX writes them into the PDF.
        (r"\~me", "~me"),
        (r"~me", "~me"),
        (r"\string~me", "~me"),
        (r"\textasciitilde me", "~me"),
        (r"a\_b\%20c\#d\&e", "a_b%20c#d&e"),
        (r"a_b%20c#d&e$f", "a_b%20c#d&e$f"),
        ("a%\n  b", "ab"),
        ("page#1", "page#1"),
        # Those it writes with their braces or macros in them: only a tilde can be meant.
        (r"\~{}me", "~me"),
        (r"{\~{}}me", "~me"),
        (r"{\~}me", "~me"),
        (r"\textasciitilde{}me", "~me"),
        (r"{\textasciitilde}me", "~me"),
        (r"\texttildelow{}me", "~me"),
        (r"$\sim$me", "~me"),
        (r"{$\sim$}me", "~me"),
        (r"{\raise.17ex\hbox{$\scriptstyle\sim$}}me", "~me"),
        (r"{\raise.17ex\hbox{$\scriptstyle\mathtt{\sim}$}}me", "~me"),
        (r"a\-b\/c", "abc"),
    ],
)
def test_signs_of_addresses_in_tex(written: str, meant: str) -> None:
    macros = rf"\href{{https://e.org/{written}}}{{x}} \url{{https://e.org/{written}}}"
    more = rf"\nolinkurl{{https://e.org/{written}}} \href[pdfnewwindow]{{{{https://e.org/{written}}}}}{{x}}"
    assert hrefs(f"{macros}\n{more}", "a.tex") == [f"https://e.org/{meant}"] * 4
    if "\n" not in written:
        entry = (
            rf"@misc{{a, url = {{https://e.org/{written}}}, note = {{at \url{{https://e.org/{written}}}}}}}"
        )
        assert hrefs(entry, "a.bib") == [f"https://e.org/{meant}"] * 2
    if "%" not in written.replace(r"\%", "") and "$f" not in written:
        assert hrefs(rf"\bibitem{{a}} in \texttt{{https://e.org/{written}}}.", "a.tex") == [
            f"https://e.org/{meant}"
        ]


@pytest.mark.parametrize("written", [r"\char126 me", r"\base/x", "#1", "#1/#2", "a/#1.html"])
def test_half_an_address_is_told_and_not_listed(written: str) -> None:
    article = read(
        rf"\newcommand{{\a}}[2]{{\href{{https://e.org/{written}}}{{#2}}}} https://e.org/b", "a.tex"
    )
    assert [one.href for one in article.mentions] == ["https://e.org/b"]
    assert [one.line for one in article.problems] == [1]
    assert "macro" in article.problems[0].message


def test_a_bibliography_within_latex() -> None:
    text = (
        "\\begin{filecontents*}[overwrite]{\\jobname.bib}\n@misc{a, title = {One}, doi = {10.1000/xyz},\n"
        " url = {https://e.org/\\~one}}\n\\end{filecontents*}\n"
        "\\begin{filecontents}{my.sty}\n% https://no.example\n\\end{filecontents}\n\\url{https://e.org/2}\n"
    )
    article = read(text, "a.tex")
    assert [(one.line, one.target, one.section_title) for one in article.mentions] == [
        (2, "doi:10.1000/xyz", "One"),
        (3, "web:https://e.org/~one", "One"),
        (8, "web:https://e.org/2", ""),
    ]
    new = "https://e.org/new"
    assert replaced(text, "a.tex", "https://e.org/~one", new) == text.replace("https://e.org/\\~one", new)


def test_chunks_of_sweave() -> None:
    text = (
        "\\url{https://e.org/\\~one}\n<<two, echo=FALSE>>=\nread.csv('https://no.example/1')\n@\n"
        "if a << b then \\url{https://e.org/2}\n<<>>=\nhttps://no.example/2\n"
    )
    assert hrefs(text, "a.Rnw") == ["https://e.org/~one", "https://e.org/2"]


def test_what_a_macro_of_tex_prints_and_what_is_verbatim() -> None:
    text = (
        "\\newcommand\\gh[1]{\\href{#1}{https://e.org/#1}}\n\\Verb+https://e.org/a+ \\verb|https://e.org/b|\n"
    )
    article = read(text, "a.tex")
    assert article.mentions == ()
    assert [(one.line, one.href) for one in article.problems] == [(1, "https://e.org/#1")]


FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Blog</title>
<link>https://blog.example/</link><atom:link href="https://blog.example/feed?a=1&amp;b=2" rel="self"/>
<item><title>Post &amp; one</title><link>https://blog.example/p1</link>
<description>&lt;p&gt;&lt;a href="https://github.com/o/r"&gt;An&lt;/a&gt; and &lt;a href='https://e.org/?x=1&amp;amp;y=2'&gt;B
&lt;/a&gt;&lt;/p&gt;</description>
<content:encoded><![CDATA[<a href='https://c.example/?a=1&amp;b=2'>c</a>]]></content:encoded></item>
</channel></rss>"""


def test_a_feed_with_html_in_its_entries() -> None:
    article = read(FEED, "index.xml")
    assert article.title == "Blog"
    assert [(one.line, one.section_number, one.section_title, one.href) for one in article.mentions] == [
        (3, None, "", "https://blog.example/"),
        (3, None, "", "https://blog.example/feed?a=1&b=2"),
        (4, 1, "Post & one", "https://blog.example/p1"),
        (5, 1, "Post & one", "https://github.com/o/r"),
        (5, 1, "Post & one", "https://e.org/?x=1&y=2"),
        (7, 1, "Post & one", "https://c.example/?a=1&b=2"),
    ]


def test_a_sitemap_and_an_atom_feed() -> None:
    sitemap = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://e.org/1</loc></url></urlset>'
    assert hrefs(sitemap, "sitemap.xml") == ["https://e.org/1"]
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><id>https://id.example/</id>'
        '<entry><link href="https://e.org/1"/><title>E</title>'
        '<content type="html">&lt;a href="https://e.org/2"&gt;x&lt;/a&gt;</content></entry></feed>'
    )
    assert hrefs(atom, "feed.atom") == ["https://e.org/1", "https://e.org/2"]
    assert sections(atom, "feed.atom") == [(1, "E"), (1, "E")]


def test_a_saved_page() -> None:
    text = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://page.example/list/\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="--b--"\r\n\r\n\r\n'
        "----b--\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        "Content-Location: https://page.example/list/\r\n\r\n"
        '<html><title>Saved</title><h1>L=C3=A4st</h1><a href=3D"https://openreview.net/for=\r\n'
        'um?id=3DSJg7KhVKPH">x</a>\r\n<a href=3D"../other">y</a></html>\r\n'
        "----b--\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "iVBORw0KGgo=\r\n----b----\r\n"
    )
    article = read(text, "page.mhtml")
    assert article.title == "Läst"
    assert [(one.line, one.target) for one in article.mentions] == [
        (12, "openreview:SJg7KhVKPH"),
        (14, "web:https://page.example/other"),
    ]


def test_plain_text_hides_nothing() -> None:
    text = (
        "\n    https://e.org/1\n\n\thttps://e.org/2,https://e.org/3 arXiv:1706.03762v2 (doi:10.1000/182).\n"
    )
    assert found(text, "a.txt") == [
        "web:https://e.org/1",
        "web:https://e.org/2",
        "web:https://e.org/3",
        "arxiv:1706.03762",
        "doi:10.1000/182",
    ]


# Readers that were there before -------------------------------------------------------------------


def test_directives_of_sphinx() -> None:
    text = (
        "Title\n=====\n\n.. toctree::\n   :maxdepth: 2\n\n   intro\n   About <https://e.org/1>\n\n"
        ".. grid:: 2\n   :gutter: 1\n\n   .. grid-item-card:: A `card <https://e.org/2>`_\n"
        "      :link: https://e.org/3\n\n      See https://e.org/4.\n\n"
        ".. versionadded:: 1.2\n   By `x <https://e.org/5>`_.\n\n"
        ".. code-block:: sh\n\n   curl https://no.example\n\nEnd https://e.org/6\n"
    )
    article = read(text, "index.rst")
    assert [one.href for one in article.mentions] == [f"https://e.org/{n}" for n in "123456"]
    lines = text.splitlines()
    assert all(one.href in lines[one.line - 1] for one in article.mentions)


def test_areas_of_a_map() -> None:
    text = '<map><area shape="rect" href="https://e.org/1" alt="North"><a href="https://e.org/2">x</a></map>'
    assert [(one.href, one.text) for one in read(text, "a.html").mentions] == [
        ("https://e.org/1", "North"),
        ("https://e.org/2", "x"),
    ]
    assert hrefs(text, "a.md") == ["https://e.org/1", "https://e.org/2"]


def test_an_old_notebook() -> None:
    text = (
        '{"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [\n'
        '{"cell_type": "code", "input": ["x = \'https://no.example\'"], "outputs": []},\n'
        '{"cell_type": "markdown", "source": ["# 1. One\\n", "https://e.org/1"]}]}]}'
    )
    article = read(text, "a.ipynb")
    assert [(one.href, one.line, one.section_number) for one in article.mentions] == [
        ("https://e.org/1", 3, 1)
    ]


def test_directives_of_myst() -> None:
    text = (
        "# One\n\n```{note}\nSee [x](https://e.org/1) and\n\n- https://e.org/2\n```\n\n"
        "- item\n\n  ```{admonition} Title\n  https://e.org/3\n  ```\n\n"
        "```{code-block} sh\ncurl https://no.example\n```\n\n:::{tip}\nhttps://e.org/4\n:::\n"
    )
    article = read(text, "a.md")
    assert [one.href for one in article.mentions] == [f"https://e.org/{n}" for n in "1234"]
    lines = text.splitlines()
    assert all(one.href in lines[one.line - 1] for one in article.mentions)
    assert {one.section_title for one in article.mentions} == {"One"}


def test_pictures_of_myst_are_no_links() -> None:
    text = ":::{figure} https://e.org/x.png\n:target: https://e.org/1\nFrom https://e.org/2\n:::\n"
    assert hrefs(text, "a.md") == ["https://e.org/1", "https://e.org/2"]


CHUNKS = """# One

```{r}
read.csv("https://no.example/1")
```

```{python}
get("https://no.example/2")
```

```{r, echo=FALSE}
# https://no.example/3
```

```{.python}
"https://no.example/4"
```

https://e.org/1

{{< pagebreak >}}

```{=html}
<a href="https://e.org/2">two</a>
```
"""
OWN = """
```{glue}
https://no.example/5
```

```{asis, echo=TRUE}
[three](https://e.org/3)
```

```{theorem, name="Four"}
https://e.org/4
```

https://e.org/5
"""


@pytest.mark.parametrize("source", ["a.Rmd", "a.qmd", "a.Rmarkdown"])
def test_chunks_that_are_run(source: str) -> None:
    article = read(CHUNKS + OWN, source)
    assert [one.href for one in article.mentions] == [f"https://e.org/{n}" for n in "12345"]
    lines = (CHUNKS + OWN).splitlines()
    assert all(one.href in lines[one.line - 1] for one in article.mentions)


def test_a_picture_within_html_is_no_link() -> None:
    text = "<div>\n[![](https://e.org/badge.svg)](https://e.org/1) ![x](https://e.org/x.png)\n</div>\n"
    article = read(text, "a.md")
    assert [one.href for one in article.mentions] == ["https://e.org/1"]
    assert len(article.problems) == 1


UNDERLINED = """Manual
======

One
---
https://e.org/1 and `https://no.example/1`

[source,sh]
----
curl https://no.example/2
-----
curl https://no.example/3
----

Two
~~~
term::

  https://e.org/2

  https://no.example/4
  https://no.example/5

* item
  https://e.org/3
+
  https://no.example/6

  - https://e.org/4
  other:: https://e.org/5

[source]
https://no.example/7

.Three
....
https://no.example/8
....

Words before
so long
-------
https://no.example/9
-------

[%hardbreaks]
https://e.org/6
"""


def test_asciidoc_of_old() -> None:
    """Titles that are underlined, blocks that end at a line as long as their first, indented paragraphs."""
    article = read(UNDERLINED, "a.adoc")
    assert [(one.href, one.section_title) for one in article.mentions] == [
        ("https://e.org/1", "One"),
        *((f"https://e.org/{n}", "Two") for n in range(2, 7)),
    ]
    assert article.title == "Manual"
    assert hrefs("= New\n\n`https://e.org/1`\n", "a.adoc") == ["https://e.org/1"]


@pytest.mark.parametrize("ending", ["```\t", "``` \t ", "```\t\r", "   ```\t", "````\t"])
def test_a_fence_with_a_tab_behind_it_ends_the_code(ending: str) -> None:
    text = f"```\nhttps://no.example/1\n``` x\n{ending}\n[a](https://e.org/1) [b]\n\n[b]: https://e.org/2\n"
    article = read(text, "a.md")
    assert [(one.line, one.href) for one in article.mentions] == [
        (5, "https://e.org/1"),
        (5, "https://e.org/2"),
    ]


def test_what_a_page_holds_and_does_not_show() -> None:
    """HTML 4.12.3: a template's contents are none of the page's. SVG 2, 16.1.5: `href` goes first."""
    text = (
        '<template><h2>No</h2><a href="https://no.example/1">n</a><template></template>\n'
        '<a href="https://no.example/2">n</a></template>\n'
        '<div><template shadowrootmode="open"><a href="https://e.org/1">one</a></template></div>\n'
        '<svg><a xlink:href="https://e.org/2"><text>two</text></a>\n'
        '<a xlink:href="https://no.example/3" href="https://e.org/3">three</a></svg>\n'
        '<a xlink:href="https://no.example/4">no</a> <a href="https://e.org/4">four</a>\n'
    )
    article = read(text, "a.html")
    assert [(one.line, one.href, one.text) for one in article.mentions] == [
        (3, "https://e.org/1", "one"),
        (4, "https://e.org/2", "two"),
        (5, "https://e.org/3", "three"),
        (6, "https://e.org/4", "four"),
    ]
    assert hrefs('<template #more>\n<a href="https://e.org/5">five</a>\n</template>\n', "a.md") == [
        "https://e.org/5"
    ]


def test_chunks_in_markdown() -> None:
    """Where a directive may have any name, only those of languages hold code."""
    text = CHUNKS + "```{code} r\n# https://no.example/6\n```\n\n```{lately}\nhttps://e.org/3\n```\n"
    assert hrefs(text, "a.md") == [f"https://e.org/{n}" for n in "123"]


SICI = "10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (f"@article{{a, doi = {{{SICI}}}}}", "a.bib"),
        ("@article{a, doi = {" + SICI.replace("<", "$<$").replace(">", "$>$") + "}}", "a.bib"),
        (
            "@article{a, doi = {" + SICI.replace("<", "{\\textless}").replace(">", "{\\textgreater}") + "}}",
            "a.bib",
        ),
        (f"@article{{a, url = {{https://doi.org/{SICI}}}}}", "a.bib"),
        (f"TY  - JOUR\nDO  - {SICI}\nER  - \n", "a.ris"),
        (f"title,doi\nA paper,{SICI}\n", "a.csv"),
        (f'[{{"type": "article", "DOI": "{SICI}"}}]', "a.json"),
        (f"as in doi:{SICI}.", "a.txt"),
    ],
)
def test_a_doi_that_has_angles_in_it_is_whole(text: str, source: str) -> None:
    assert found(text, source) == [f"doi:{SICI.lower()}"]


def test_a_tag_behind_a_doi_is_no_part_of_it() -> None:
    assert found("as in doi:10.1145/3292500<br>next", "a.md") == ["doi:10.1145/3292500"]


def test_bibtex_of_scopus_has_blanks_in_its_keys() -> None:
    text = "@article{Conference paper2022,\n doi = {10.1145/3292500},\n url = {https://e.org/a},\n}"
    assert found(text, "a.bib") == ["doi:10.1145/3292500", "web:https://e.org/a"]


def test_asciidoc_shows_pictures_of_the_web_and_follows_what_they_lead_to() -> None:
    text = "image:https://e.org/badge.svg[Build, link=https://e.org/build] and image::https://e.org/b.png[]\n"
    assert hrefs(text, "a.adoc") == ["https://e.org/build"]
    assert hrefs("include::https://e.org/part.adoc[]\n", "a.adoc") == []


def test_asciidoc_attribute_that_is_a_whole_link() -> None:
    (mention,) = read(":docs: https://e.org/docs[the manual]\n\nSee {docs}.\n", "a.adoc").mentions
    assert (mention.href, mention.text) == ("https://e.org/docs", "the manual")


def test_asciidoc_attribute_that_begins_an_address() -> None:
    text = ":org: https://e.org/guild\n:home: {org}/code\n\nReport at {home}/issues. Not {other}/issues.\n"
    text += 'image:https://e.org/b.svg[CI, link="{home}/ci"] and {home}[home]\n'
    article = read(text, "a.adoc")
    assert sorted(one.url for one in article.mentions) == [
        "https://e.org/guild/code",
        "https://e.org/guild/code/ci",
        "https://e.org/guild/code/issues",
    ]


def test_components_of_mdx_lead_somewhere() -> None:
    text = """# Start

<CardGroup>
  <Card title="One" icon="x" href="https://e.org/1">the **first**</Card>
  <Card
    title="Two"
    href='https://e.org/2'
  />
</CardGroup>

Inline <Button href="https://e.org/3">go</Button> and <Icon name="x" /> and `<Card href="https://e.org/no">`.
"""
    article = read(text, "a.mdx")
    assert [(one.line, one.href) for one in article.mentions] == [
        (4, "https://e.org/1"),
        (5, "https://e.org/2"),
        (11, "https://e.org/3"),
    ]
    assert hrefs(text, "a.md") == []
    assert replaced(text, "a.mdx", "https://e.org/2", "https://e.org/new") == text.replace(
        "e.org/2", "e.org/new"
    )


def replaced(text: str, source: str, old: str, new: str) -> str:
    article = read(text, source)
    row = {"health": "moved", "reason": "redirected_permanently", "suggested_url": new}
    proposal = propose(text, article, {f"web:{old}": row})
    return apply(text, proposal.edits)
