"""What error pages, bot walls, login walls and parked domains say: regular expressions as data, by language.

`MISSING` is matched against a *whole* title segment or heading; the others are searched for in them.
"""

from __future__ import annotations

import re

_THING = (
    r"(?:page|file|document|url|content|article|site|resource|item|post|repository|project|dataset|paper|model"
    r"|record|entry|profile|user|product|video|thread|topic|forum|note|submission|publication|event|course|space)"
)
_SORRY = r"(?:(?:sorry|oops|whoops|uh[- ]oh)[,!. ]*)?"

_ABSENT = (
    r" (?:(?:was |were |is |could |can )?not (?:be )?found|(?:cannot|can't|couldn't|wasn't) (?:be )?found"
    r"|(?:does not|doesn't|no longer) exists?|(?:is )?(?:not|no longer) available|isn't available|unavailable"
    r"|(?:has been |was )?(?:moved|removed|deleted)(?: or (?:moved|removed|deleted))?|(?:is )?missing)"
)

MISSING_BY_LANGUAGE: dict[str, tuple[str, ...]] = {
    "any": (
        r"(?:http |error |erreur |fehler |errore |fout |fel |virhe |błąd |chyba |hiba |ошибка |помилка |status )*(?:code )?404(?: ?error|错误|錯誤|エラー)?",
        r"(?:http |error |status )*404\W*(?:(?:the )?(?:page|file) (?:was |could )?)?not (?:be )?found",
        r"(?:page )?not found\W*(?:error )?404",
    ),
    "en": (
        rf"{_SORRY}(?:we )?(?:can't find |cannot find |could(?:n't| not) find )?(?:the |this |that |your )?(?:requested )?{_THING}"
        rf"(?: you(?:'re| are| were)? ?(?:requested|looking for))?{_ABSENT}",
        rf"{_SORRY}we (?:can't|cannot|couldn't|could not) find (?:the|this|that|your) {_THING}(?: you(?:'re| are| were) looking for)?",
        rf"{_SORRY}not found",
        r"nothing (?:was )?found",
        r"nothing here",
        rf"(?:page|file) missing|missing {_THING}",
        rf"(?:invalid|unknown|no such) {_THING}(?: id| identifier| name)?",
    ),
    "de": (
        r"(?:leider )?(?:(?:die|diese) )?(?:(?:angeforderte|gesuchte|gewünschte) )?seite (?:(?:wurde|konnte) )?(?:leider )?nicht (?:gefunden(?: werden)?|vorhanden)",
        r"(?:diese|die) seite (?:existiert|gibt es) (?:leider )?nicht(?: mehr)?",
    ),
    "fr": (
        r"(?:désolé[,!]? )?(?:(?:la|cette) )?page (?:(?:demandée|que vous (?:re)?cherchez) )?(?:est |n'est pas )?(?:introuvable|trouvée|non trouvée|n'existe (?:pas|plus))",
    ),
    "es": (
        r"(?:lo sentimos[,.]? )?(?:(?:la|esta) )?página (?:(?:solicitada|que (?:buscas?|está buscando)) )?no (?:encontrada|existe|disponible|se encuentra|ha sido encontrada)",
        r"no se (?:encontró|ha encontrado|encuentra) la página",
    ),
    "ca": (r"(?:la )?pàgina no (?:trobada|existeix|s'ha trobat)", r"no s'ha trobat la pàgina"),
    "pt": (
        r"(?:(?:a|esta) )?página (?:(?:solicitada|que (?:você )?procura) )?não (?:foi )?(?:encontrada|existe)",
    ),
    "it": (
        r"(?:(?:la|questa) )?pagina (?:(?:richiesta|cercata|che cerchi) )?non (?:(?:è stata )?trovata|esiste|disponibile)",
    ),
    "nl": (
        r"(?:(?:de|deze) )?(?:opgevraagde )?pagina (?:(?:is |werd )?niet gevonden|bestaat niet(?: meer)?)",
    ),
    "sv": (r"(?:sidan|sida) (?:kunde inte hittas|hittades (?:inte|ej)|finns inte)",),
    "no": (r"siden (?:ble )?ikke funnet|siden finnes ikke|fant ikke siden",),
    "da": (r"siden (?:blev )?ikke fundet|siden (?:findes|eksisterer) ikke",),
    "fi": (r"sivua ei (?:löy(?:dy|tynyt)|ole olemassa)",),
    "et": (r"lehte ei leitud",),
    "lv": (r"lapa nav atrasta",),
    "lt": (r"puslapis nerastas",),
    "pl": (
        r"(?:(?:ta|podana) )?strona (?:nie została (?:znaleziona|odnaleziona)|nie istnieje)",
        r"nie znaleziono (?:takiej )?strony",
    ),
    "cs": (r"(?:požadovaná )?stránka (?:nenalezena|nebyla nalezena|neexistuje)",),
    "sk": (r"(?:požadovaná )?stránka (?:sa )?(?:nenašla|nebola nájdená|neexistuje)",),
    "hu": (r"(?:az? )?(?:keresett |kért )?oldal nem (?:található|létezik)",),
    "ro": (r"pagina (?:căutată |solicitată )?nu (?:a fost găsită|există)",),
    "bg": (r"страницата не (?:е намерена|съществува)",),
    "hr": (r"stranica nije (?:pronađena|nađena)|stranica ne postoji",),
    "sr": (r"страница није пронађена|страница не постоји",),
    "sl": (r"strani? ni (?:mogoče najti|bila najdena|najdena)|stran ne obstaja",),
    "tr": (r"(?:aradığınız )?sayfa (?:bulunamadı|mevcut değil)",),
    "ru": (
        r"(?:запрашиваемая |такая )?страница не (?:найдена|существует)",
        r"такой страницы (?:нет|не существует)",
    ),
    "uk": (r"сторінку не знайдено|сторінка не (?:знайдена|існує)",),
    "el": (r"η σελίδα (?:δεν βρέθηκε|δεν υπάρχει)",),
    "ar": (r"(?:عذرا[ً،,]? )?الصفحة (?:المطلوبة )?غير موجودة", r"لم يتم العثور على (?:هذه )?الصفحة"),
    "fa": (r"صفحه (?:مورد نظر )?(?:شما )?(?:یافت|پیدا) نشد",),
    "he": (r"(?:הדף|העמוד) (?:המבוקש )?לא נמצא",),
    "hi": (r"पृष्ठ नहीं मिला",),
    "zh": (
        r"(?:对不起|抱歉|很抱歉|非常抱歉)?[，,！! ]*(?:您|你)?(?:所?(?:访问|请求|查找|查看|要查看|要找|訪問|尋找))?的?(?:页面|頁面|网页|網頁|文章|内容)(?:不存在|未找到|没有找到|無法找到|找不到|已删除|已被删除|走丢)(?:了)?",
        r"(?:抱歉[，,])?找不到(?:您要的)?(?:页面|頁面|网页|網頁|该页)",
    ),
    "ja": (
        r"(?:お探しの|指定された|ご指定の|アクセスしようとした|該当する)?ページ(?:が|は)?(?:見つかりません(?:でした)?|存在しません|ありません)",
    ),
    "ko": (
        r"(?:(?:요청하신|찾으시는|해당) )?페이지(?:를|가)? (?:찾을 수 없습니다|존재하지 않습니다)",
        r"존재하지 않는 페이지입니다",
    ),
    "vi": (r"không tìm thấy trang|trang (?:bạn tìm |này )?không tồn tại",),
    "id": (r"halaman (?:yang anda cari )?tidak (?:di)?temukan",),
    "th": (r"ไม่พบหน้า(?:ที่คุณต้องการ|นี้)?",),
}

MISSING = re.compile(
    f"(?:{'|'.join(phrase for phrases in MISSING_BY_LANGUAGE.values() for phrase in phrases)})"
    r"[\s.!1。！…:()-]*",
    re.I,
)

MISSING_SENTENCE = re.compile(
    r"\b(?:page|file|document|url|content)\b.{0,60}?"
    r"(?:could not be found|cannot be found|can't be found|couldn.t be found|was not found|not found on this server"
    r"|does(?: not|n.t) (?:\w+ )?exist|no longer exists|no longer available|has been (?:removed|deleted)"
    r"|(?:is not|isn.t) (?:t?here|available))"
    r"|\b404\b\W{1,3}(?:page |file )?not found",
    re.I,
)

CHALLENGE = re.compile(
    r"just a moment|attention required! \| cloudflare|verify(?:ing)? (?:that )?you(?:r browser| are)"
    r"|are you (?:a )?(?:human|robot)|checking your browser|security (?:check|checkpoint)$|robot check$"
    r"|pardon our interruption|unusual traffic|making sure you.re not a bot|confirm you are (?:a )?human"
    r"|ddos-guard|请完成安全验证|人机验证",
    re.I,
)

CHALLENGE_SUBJECT = re.compile(
    r"captcha|security check|bot (?:check|verification|detection)|human verification|robot check", re.I
)
"""Words that papers have in their titles, too."""

WALL_MARKERS = (
    "_cf_chl_opt",  # Cloudflare's challenge page; /cdn-cgi/challenge-platform/ alone stands in normal pages too
    "px-captcha",
    "_pxappid",
    "captcha-delivery.com",
    "_incapsula_resource",
    "awswaf.com",
    "errors.edgesuite.net",
)
"""What only bot walls put into a page."""

CAPTCHA_MARKERS = (
    "challenges.cloudflare.com",
    "cf-turnstile",
    "g-recaptcha",
    "h-captcha",
    "hcaptcha.com",
    "google.com/recaptcha",
    "geetest",
)
"""Captchas that stand on challenge pages, and in contact forms."""

NEEDS_COOKIES = re.compile(
    r"(?:enable|activate|turn on|allow|accept) (?:javascript and )?cookies(?: (?:to continue|in your browser))"
    r"|cookies (?:are|must be) (?:disabled|enabled)",
    re.I,
)

NEEDS_SCRIPTS = re.compile(
    r"(?:enable|activate|requires?|need|turn on) javascript|javascript (?:is |to be )?(?:disabled|required|enabled)",
    re.I,
)

WORKS = re.compile(
    r"(?:down|closed|offline|unavailable) for (?:scheduled |planned )?maintenance|under maintenance|scheduled maintenance"
    r"|maintenance mode|be (?:right )?back (?:soon|shortly)|wartungsarbeiten|site en maintenance|en mantenimiento"
    r"|in manutenzione|em manutenção|维护中|メンテナンス中|점검 중|технические работы",
    re.I,
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

PARKING_MARKERS = re.compile(
    r"sedoparking|parkingcrew|hugedomains|bodis\.com|parklogic|location\.(?:href|replace)\W{1,4}/lander\b",
    re.I,
)
"""What the markup of parking pages carries; their text is drawn by scripts or in a frame."""

PARKING_HOSTS = ("hugedomains.com", "sedo.com", "dan.com", "afternic.com", "parkingcrew.net", "bodis.com")
