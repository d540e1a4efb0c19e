"""What error pages, bot walls, login walls and parked domains say: regular expressions as data, by language.

`MISSING` is matched against a *whole* title segment or heading; the others are searched for in them.
"""

from __future__ import annotations

import re

_THING = r"(?:page|file|document|url|content|article|site|resource|item|post|repository|project)"
_SORRY = r"(?:(?:sorry|oops|whoops|uh[- ]oh)[,!. ]*)?"

_ABSENT = (
    r" (?:(?:was |were |is |could |can )?not (?:be )?found|(?:cannot|can't|couldn't|wasn't) (?:be )?found"
    r"|(?:does not|doesn't|no longer) exists?|(?:is )?(?:not|no longer) available|isn't available|unavailable"
    r"|(?:has been |was )?(?:moved|removed|deleted)(?: or (?:moved|removed|deleted))?|(?:is )?missing)"
)

MISSING_BY_LANGUAGE: dict[str, tuple[str, ...]] = {
    "any": (
        r"(?:http |error |erreur |fehler |errore |status )*(?:code )?404(?: error)?",
        r"(?:error )?404\W*(?:(?:the )?(?:page|file) (?:was |could )?)?not (?:be )?found",
    ),
    "en": (
        rf"{_SORRY}(?:we )?(?:can't find |cannot find |could(?:n't| not) find )?(?:the |this |that |your )?(?:requested )?{_THING}"
        rf"(?: you(?:'re| are| were)? ?(?:requested|looking for))?{_ABSENT}",
        rf"{_SORRY}we (?:can't|cannot|couldn't|could not) find (?:the|this|that|your) {_THING}(?: you(?:'re| are| were) looking for)?",
        rf"{_SORRY}not found",
        r"nothing (?:was )?found",
        r"nothing here",
        rf"(?:page|file) missing|missing {_THING}",
    ),
    "de": (r"(?:die )?(?:angeforderte )?seite (?:wurde )?nicht (?:gefunden|vorhanden)",),
    "fr": (r"(?:la )?page (?:demandée )?(?:est )?introuvable", r"page non trouvée"),
    "es": (r"(?:la )?página no (?:encontrada|existe|disponible)", r"no se encontró la página"),
    "pt": (r"página não (?:encontrada|existe)",),
    "it": (r"pagina non trovata",),
    "nl": (r"pagina niet gevonden",),
    "sv": (r"sidan (?:kunde inte hittas|hittades inte)",),
    "no": (r"siden (?:ble )?ikke funnet",),
    "da": (r"siden (?:blev )?ikke fundet",),
    "fi": (r"sivua ei löy(?:dy|tynyt)",),
    "pl": (r"strona nie (?:została znaleziona|istnieje)", r"nie znaleziono strony"),
    "cs": (r"stránka nenalezena", r"stránka nebyla nalezena"),
    "hu": (r"az oldal nem található",),
    "tr": (r"sayfa bulunamadı",),
    "ru": (r"страница не найдена",),
    "uk": (r"сторінку не знайдено",),
    "el": (r"η σελίδα δεν βρέθηκε",),
    "ar": (r"الصفحة غير موجودة", r"لم يتم العثور على الصفحة"),
    "he": (r"הדף לא נמצא",),
    "hi": (r"पृष्ठ नहीं मिला",),
    "zh": (
        r"(?:您访问的|您要查看的|抱歉[，,]?)?(?:页面|頁面|网页|網頁|文章)(?:不存在|未找到|没有找到|無法找到|找不到|已删除)(?:了)?",
        r"找不到(?:页面|頁面|网页|網頁|该页)",
    ),
    "ja": (r"(?:お探しの)?ページが?(?:見つかりません(?:でした)?|存在しません)",),
    "ko": (r"(?:요청하신 )?페이지를 찾을 수 없습니다",),
    "vi": (r"không tìm thấy trang",),
    "id": (r"halaman tidak ditemukan",),
    "th": (r"ไม่พบหน้า(?:ที่คุณต้องการ)?",),
}

MISSING = re.compile(
    f"(?:{'|'.join(phrase for phrases in MISSING_BY_LANGUAGE.values() for phrase in phrases)})"
    r"[\s.!1。！…:()-]*",
    re.I,
)

MISSING_SENTENCE = re.compile(
    r"\b(?:page|file|document|url|content)\b.{0,60}?"
    r"(?:could not be found|cannot be found|can't be found|couldn.t be found|was not found|not found on this server"
    r"|does not exist|doesn.t exist|no longer exists|no longer available|has been (?:removed|deleted))",
    re.I,
)

CHALLENGE = re.compile(
    r"just a moment|attention required! \| cloudflare|verify(?:ing)? (?:that )?you(?:r browser| are)"
    r"|are you (?:a )?(?:human|robot)|checking your browser|security check|bot (?:check|verification|detection)"
    r"|human verification|pardon our interruption|captcha|unusual traffic|making sure you.re not a bot"
    r"|ddos-guard|请完成安全验证|人机验证|robot check",
    re.I,
)

CHALLENGE_MARKERS = (
    "_cf_chl_opt",  # Cloudflare's challenge page; /cdn-cgi/challenge-platform/ alone stands in normal pages too
    "challenges.cloudflare.com",
    "cf-turnstile",
    "px-captcha",
    "_pxappid",
    "captcha-delivery.com",
    "_incapsula_resource",
    "awswaf.com",
    "errors.edgesuite.net",
    "g-recaptcha",
    "h-captcha",
    "hcaptcha.com",
    "google.com/recaptcha",
    "geetest",
)

LOGIN_PATH = re.compile(
    r"(?:^|[/._-])(?:log-?in|sign-?in|sign_in|logon|sso|servicelogin|authwall|oauth2?|authorize)(?:[/._?-]|$)",
    re.I,
)

LOGIN = re.compile(
    r"\b(?:log ?in|sign ?in|anmelden|einloggen|connexion|se connecter|iniciar sesión|accedi|entrar|войти)\b"
    r"|登录|登入|ログイン|로그인",
    re.I,
)

PARKED = re.compile(
    r"(?:this |the )?domain(?: name)?(?: [\w.-]+)? (?:is|may be) for sale|buy this domain|domain is parked"
    r"|parked (?:free|domain)|this (?:web ?page|domain) is parked|sedoparking|parkingcrew|hugedomains"
    r"|this domain has expired|diese domain (?:steht zum verkauf|ist zu verkaufen)|ce domaine est à vendre"
    r"|域名(?:出售|转让)",
    re.I,
)

PARKING_HOSTS = ("hugedomains.com", "sedo.com", "dan.com", "afternic.com", "parkingcrew.net", "bodis.com")
