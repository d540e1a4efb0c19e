"""Central Europe's and the Baltic's letters where no encoding is declared: by what they stand beside. Pure.

windows-1250 and Latin 2 have `č ě ř ů ą ę ł ż ő ű ă` where the West has `è ì ø ù ¹ ê ³ ¿ õ û ã`. Counted in
what thirty programs say (Django 5.2, MediaWiki 1.39, WordPress 6.1, Trac 1.6, Zabbix 6.0 and others of PyPI
and Debian) in Polish, Czech, Slovak, Hungarian, Croatian, Bosnian, Slovenian and Romanian, against the same
in sixty languages of the West and the words of thirteen of them (Debian's `wfrench`, `wdanish` and so on); so
were Lithuanian and Latvian in windows-1257, against those and against Central Europe.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from scraper.verdicts.patterns import lazily

_CENTRAL = """
ă ţ cprtuşţ
ą bcdgijklnrstwzŁłŻż cdgptzćłż
ć ąęśšź w aa ae ea ee ei eu ie ua ue ui
č eáäíúš áíšů aa ae ak an ao au ia ii ik oa oe oi ua ue uu yi ěe
ď ě -
đ - - ee oe
ę jł ćśż
ě - hkďňřšž bj br dj dn ml mr nt pt tz tč vj
ĺ - ž
ľ adehkou aknosuvú
ł abdegikopstuwyzóą acdeknoruyzóąę
ň ěž ao
ő - bdvz bl dp dt gs lk ll ln ls lt nr rl rs ti zh zk zl zt
ř ě áí ai da ia oe oi pe pi áe íe
ś adeijouyę bclmnrwć
ş aeiouă aeitu
š aeijlnortuvyzáíúýčěšž aehiklnoptuíćčšť
ţ abceiopuă ă
ť äíúš aot
ů kzč jzž dv lm ps pv vl
ű y v mk zr
ź adeó nrć
ż adeikouyóąę yą
ž adehikmoruyáíôýěĺů abdeiknotuáíňš
"""
"""A letter, those that it is a sign after, those that it is one before (`-`: none), and pairs between which.

Each was met fifteen times at least in the languages of Central Europe (a pair thirty times), in no word of
the lists, and in what is said in the West at most once for every three hundred times."""
_BALTIC = """
ā ļņš kš ja ji jm js kc kd kl kr ks lg nj sc tv vc vr zc
ą š ž
č īš -
ē dtzņš lnļš cj ct lg lj lm lp lt nt pc pj rj rt sj st ģt ķt
ģ - - ei iē ēi
ī šž bjkčš ng tr zm zt
ķ - - oē ši
ļ kē iāšū ta
ņ - āēš ae ia io oe
š kptāēīļņū āąčēī ay
ū ļ dš bs gt ir js kr
ž dąė bdkptī ao ay ea eo ur
"""
"""The same of Lithuanian and Latvian, as seldom in Central Europe, but no `ė`: Albanian has `ë` there."""
_TELLING = lazily(
    rb"[\x8c-\x8f\x9c-\x9f\xbf-\xff]"
    rb"|(?<=[a-z\x8a-\x9f\xc0-\xff])[\xb1\xb3\xb5\xb6\xb9-\xbc\xbe](?=[a-z\x8a-\x9f\xc0-\xff])"
)
"""Letters beyond ASCII; what is none in the West (`30 m³`, `Nº`) only within a word."""
_SHARE = 0.02
"""Of these: in long texts 0.036 at least were signs, of the West 0.007 at most."""


def is_central_european(data: bytes) -> bool:
    """Whether two signs of Central Europe at least, and enough for its length, say that it is not Western."""
    low = data.lower()
    if _are_enough(low, _signs(_CENTRAL, ("cp1250", "iso8859_2"))):
        return True
    return _LONG_VOWELS.search(low) is not None and len(set(_HUNGARIAN.findall(low))) > 1


def is_baltic(data: bytes) -> bool:
    """The same of Lithuanian and Latvian; Estonian has the letters where the West has them."""
    return _are_enough(data.lower(), _signs(_BALTIC, ("cp1257",)))


def _are_enough(low: bytes, signs: frozenset[bytes]) -> bool:
    places = [letter.start() for letter in _TELLING.finditer(low)]
    beside = [(low[at - 1 : at + 1], low[at : at + 2], low[at - 1 : at + 2]) for at in places]
    found = [context for *pair, context in beside if not signs.isdisjoint((*pair, context))]
    return len(set(found)) > 1 and len(found) >= _SHARE * len(places)


_LONG_VOWELS = lazily(rb"[a-z\xe1\xe9\xed\xf3\xf6\xfa\xfc][\xf5\xfb]")
_HUNGARIAN = lazily(rb"(?<![\w\x80-\xff])(?:az|egy|hogy|vagy|csak|kell|lehet|nincs|oldal)(?![\w\x80-\xff])")
"""Hungarian's `ő` and `ű` stand like `õ` and `û`, but beside words that are no other language's."""


@cache
def _signs(table: str, encodings: tuple[str, ...]) -> frozenset[bytes]:
    """Each letter of a table, in each encoding, with the one before it, behind it, or both."""
    return frozenset(sign for encoding in encodings for sign in _contexts(table, encoding))


def _contexts(table: str, encoding: str) -> Iterator[bytes]:
    for row in table.strip().splitlines():
        letter, after, before, *pairs = row.split(" ")
        if letter.encode(encoding).decode("cp1252", "replace") == letter:
            continue  # `š` and `ž` of windows-1250 are where the West has them
        signs = (*(one + letter for one in after), *(letter + one for one in before))
        between = (pair[0] + letter + pair[1] for pair in pairs)
        yield from (sign.encode(encoding) for sign in (*signs, *between) if "-" not in sign)
