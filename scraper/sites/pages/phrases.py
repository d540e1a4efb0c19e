"""What bot walls, parked domains, failing servers and empty hosts say: regular expressions as data.

How the world says that a page is not there is in `absent_words/`, read by `wordings`.
"""

from __future__ import annotations

import re

from scraper.verdicts.patterns import lazily

# ── not there: what no language decides ──────────────────────────────────────────────────────────────────

ERROR = (
    r"errors?|erreur|fehler(?:code)?|errore|erro|fout(?:code)?|fel(?:kod)?|fejl|feil|virhe|błąd|chyba|hiba|eroare"
    r"|greška|napaka|ошибка|помилка|памылка|грешка|σφάλμα|hata|lỗi|kesalahan|ralat"
)
ERROR_UNSPACED = r"错误代?码?|錯誤代?碼?|エラー(?:コード)?|에러|오류|שגיאה|خطأ|خطای?|ข้อผิดพลาด|त्रुटि"
"""Words for an error that stand beside its number; the second where no blank need stand between."""

NUMBER = lazily(
    rf"(?:\W|_|\b(?:http|{ERROR}|status|code|código|codice|page|página|seite|oops)\b|{ERROR_UNSPACED})*(?:404|410)"
    rf"(?:\W|_|\b(?:{ERROR}|page|code|status|http)\b|{ERROR_UNSPACED}|页面)*",
    re.I,
)
"""A title or heading that is the status and nothing else."""

BARE_WORDS = frozenset(
    {"gone", "nothing here", "there's nothing here", "missing", "removed", "deleted", "oops"}
)
"""Titles and headings that papers, songs and novels have as well."""

WHOLE_WORDS = frozenset(
    {"not found", "page missing", "missing page", "file missing", "lost page", "404 not found", "dead link"}
    | {"document not found", "error: not found", "error not found", "not found error", "page gone"}
)

NUMBERED = lazily(
    r"(?:^|\W)(?:http |error |status |code )*(?:404|410)\W+not.?found\b|not.?found\W+404\b", re.I
)

NUMBERED_ERROR = lazily(
    rf"(?:{ERROR}|{ERROR_UNSPACED})\W{{0,3}}(?:404|410)\b|\b(?:404|410)\W{{0,3}}(?:(?:{ERROR})\b|{ERROR_UNSPACED})",
    re.I,
)
"""In the title or a heading of a short page."""

ABOUT = lazily(
    r"\b(?:status code|response code|error (?:message|page|code)s?)\b[^.]{0,80}\b(?:is|are|means|indicat\w+|signif\w+"
    r"|displayed|refers?|occurs?|can be)\b|\b(?:is|are) (?:a|an|the) [^.]{0,30}\b(?:error|status|response)"
    r" (?:message|page|code)\b|\bthis (?:alert|error|message|code) (?:means|signifies|indicates)\b|\bhypertext transfer",
    re.I,
)
"""What explains error pages to a reader, and stands on none."""

STATUS_NUMBERS = lazily(r"\b(?:400|401|403|404|410|429|500|502|503)\b")

REMAINS = lazily(
    r"\b(?:remain|still|now|are|is)s? available\b(?! (?:for|at) (?:sale|new))|available (?:for download|below|online as)"
    r"|\bslides\b|\bpdf\b|\bmanuals?\b",
    re.I,
)
"""What a page offers although something is gone from it."""

TO_THE_VISITOR = lazily(
    r"you(?:'re| are| were|'ve| have)? (?:looking for|requested|followed|tried|asked|clicked|entered|seeking|trying)"
    r"|\bsorry\b|\brequested\b|\bleider\b|gesucht|angefordert|recherch|demandé|désolé|buscas?\b|buscando|solicitad|lo sentimos"
    r"|procura\b|cercat|cerchi|cercando|richiest|spiacent|gezocht|opgevraagd|zoekt|hledá|požadovan|szukasz|keresett"
    r"|aradığınız|запрашива|запрошен|ищете|шукаєте|お探し|指定され|申し訳|抱歉|对不起|您|찾으시|요청하신|죄송",
    re.I,
)
"""What speaks of the visit itself, as papers do not."""

OBJECT_STORES = lazily(
    r"\bNoSuch(?:Key|Bucket|WebsiteConfiguration)\b|\bBlobNotFound\b|\bThe specified (?:key|bucket|blob|resource) does not exist"
)
"""Amazon S3, "Error responses"; Azure, "Blob service error codes"; Google Cloud Storage speaks the first."""

DENIED = lazily(
    r"\bAccessDenied\b|\bAllAccessDisabled\b|\bAuthenticationFailed\b|\bPublicAccessNotPermitted\b"
)
"""The same services about what is there and private."""

DEFAULT_PAGE = lazily(
    r"welcome to (?:nginx|openresty|tengine|caddy|centos|fedora|apache\b.{0,20}|jetty\b.{0,20})!?|apache2? .{0,30}default page.{0,12}|it works ?!?|caddy works!?"
    r"|iis windows(?: server)?|internet information services|(?:apache )?(?:http server )?test page.{0,50}"
    r"|(?:web ?server'?s?|domain|website|site|server|plesk|cpanel|vesta|hestia|directadmin|ispconfig|host\w*) default (?:web ?)?page"
    r"|default (?:web ?site|plesk|web|parking|server) ?page|congratulations!? your (?:site|website|server) .{0,30}"
    r"|powered by (?:centos|nginx)|(?:lighttpd )?placeholder page|welcome to your new (?:web ?site|server|app).{0,20}"
    r"|apache is (?:functioning normally|working on your cpanel.{0,24})|something amazing will be constructed here\W*",
    re.I,
)
"""What a web server or a host's panel shows where nobody put a site: against a whole title or heading. The last
are cPanel's (as WhatWeb knows them, plugins/default-page) and DirectAdmin's."""

DEFAULT_SENTENCE = lazily(
    r"this is (?:a|the) (?:default|placeholder) (?:[\w.-]+ ){0,3}page\b|this is (?:a|the) test page\b|you (?:should|may) (?:now )?replace this page with"
    r"|(?:if you(?:'re| are| can)? ?(?:see|seeing|read|reading)|you are (?:seeing|reading)) this (?:web ?)?page\b.{0,80}\b(?:install|set ?up|running|working|works)"
    r"|dies ist die standard-?(?:index-?)?seite|toto je standardn[ií] str[aá]nka (?:va[sš]eho|webu)|ez az oldal az ön weboldalának eredeti kezd[õő]oldala"
    r"|tämä on sivustosi oletus\w*sivu|това е страницата по подразбиране|ceci est la page d['’]index standard|detta är en standard ?index ?sida"
    r"|ovo je standardna index stranica|dit is de standaard ?(?:index)?pagina van (?:uw|je)|questa è la pagina predefinita|esta é a página (?:index )?padrão (?:de|do) seu"
    r"|to change this page, upload your website into|your new web server is ready to use|this ip is being shared among many domains",
    re.I,
)
"""The same in a sentence, as Tomcat, lighttpd and nginx have it, ISPConfig 3 in its languages (server/conf/index),
and DirectAdmin, Virtualmin and cPanel."""

EMPTY_HOST = lazily(
    r"there is no web ?site (?:at|configured)|no web ?site is configured|nginx web server is successfully installed"
    r"|default (?:welcome )?page used to test the correct operation|page is used to test the proper operation"
    r"|site (?:is )?not (?:yet )?(?:published|configured|set up)|future home of|no (?:site|website|app|deployment|project)s? (?:is )?(?:configured|deployed|connected|hosted|published)"
    r"|(?:deployment|application|app|site|project|domain|distribution|tenant|workspace|account|function)_not_found"
    r"|domain (?:is )?(?:not (?:configured|connected|linked|mapped|associated|verified|claimed|active|in use|registered)|unknown)"
    r"|(?:there isn't|there is not|there's no|no) (?:an? )?[\w ]{0,24}(?:pages?|site|website|app|blog|store|shop|server|project|account) (?:site )?(?:here|at this|configured|with (?:this|that))"
    r"|(?:this|the) (?:app|application|site|website|shop|store|blog|account|service|server|domain|page|link|instance|project|space|url|wiki) (?:is|has been|was|are) (?:currently )?"
    r"(?:unavailable|not available|suspended|disabled|deactivated|paused|closed|offline|deleted|removed|inactive|stopped|not active|not live|not published)",
    re.I,
)
"""What hosting services say of a name that nobody uses any more; the first pages of Plesk, nginx (docs/html/index.html) and Apache as Debian and Fedora package it."""

SUSPENDED = lazily(
    r"(?:account|site|web ?site|hosting|domain|service|blog|page|store|shop|app|space)\b[^.]{0,25}\b(?:is |has been |was |been )?(?:temporarily )?(?:suspended|seized|disabled by|deactivated|has expired|expired)"
    r"|(?:sitio|cuenta|página|dominio)\b[^.]{0,30}\bsuspendid[oa]|(?:compte|site|hébergement|domaine)\b[^.]{0,30}\b(?:suspendue?|expirée?)"
    r"|(?:konto|website|webseite|seite|domain|webspace)\b[^.]{0,30}\b(?:gesperrt|deaktiviert|abgelaufen)|(?:account|sito|dominio)\b[^.]{0,20}\b(?:sospeso|scaduto)"
    r"|(?:conta|site|domínio|hospedagem)\b[^.]{0,20}\b(?:suspens[oa]|expirad[oa]|desativad[oa])|(?:konto|strona|domena)\b[^.]{0,20}\b(?:zawieszon|zablokowan|wygas)\w+"
    r"|(?:аккаунт|сайт|хостинг|домен|сервис|услуг)\S*(?:[^.]|\.\w){0,30}?(?:заблокирован|приостановлен|отключ[её]н|не оплач|не продл|ист[её]к)\S*"
    r"|(?:网站|站点|域名|账户|帐号)[^。]{0,12}(?:已?(?:过期|暂停|关闭|停用|欠费))|サービス(?:が|は)?(?:停止|終了)|(?:アカウント|サイト)[^。]{0,12}(?:停止|凍結|閉鎖)",
    re.I,
)

# ── the server fails, and says so with 200 ───────────────────────────────────────────────────────────────

WORKS = lazily(
    r"(?:down|closed|offline|unavailable) for (?:scheduled |planned |routine )?(?:maintenance|upgrades?)|under maintenance|maintenance mode"
    r"|be (?:right )?back (?:soon|shortly|in a)|(?:performing|undergoing|carrying out|conducting) (?:\w+ ){0,3}maintenance|wartungsarbeiten|wartungsmodus|wird gewartet"
    r"|(?:site |service )?en (?:cours de )?maintenance|(?:sitio |página )?en mantenimiento|in manutenzione|em manutenção|onderhoud(?:swerkzaamheden)?"
    r"|(?:prace|przerwa) (?:konserwacyjn|techniczn)\w+|v údržbě|odstávka|karbantartás|bakım (?:çalışması|modu)|underhåll|vedligehold|huoltokatko"
    r"|维护中|維護中|系统维护|メンテナンス中?|점검 중|технические работы|техническом обслуживании|ведутся работы|технічні роботи|bảo trì|pemeliharaan",
    re.I,
)
WORKS_PERHAPS = lazily(r"(?:scheduled|planned|site|system|website) maintenance|maintenance", re.I)
REGRET = lazily(
    r"\b(?:sorry|apolog\w+|inconvenience|(?:be|come|check) back|try again|temporarily|currently unavailable|back online|as soon as)\b"
    r"|später|bientôt|más tarde|plus tard|più tardi|mais tarde|zo terug|позже|稍后|しばらく|잠시",
    re.I,
)

FAILED = lazily(
    r"(?:\W|\b(?:http|error|status|code|hm+|oops|sorry)\b)*(?:50[0-4]|52[0-7])?\W*(?:internal (?:server )?error|server error|service (?:temporarily )?unavailable"
    r"|bad gateway|gateway time-?out|(?:web server|origin) is (?:down|unreachable)|application error|runtime error|database error|fatal error"
    r"|error establishing a database connection|proxy error|whitelabel error page|action controller: exception caught|[\w.]*(?:error|exception) at /\S*|[\w.:]*(?:error|exception) in [\w:]+#\w+|unhandled exception|unexpected error|something went wrong|an error (?:has )?occurred"
    r"|(?:site|server|service|backend) (?:is )?(?:temporarily )?unavailable)\W*(?:50[0-4]|52[0-7])?\W*(?:error|exception|in '.*|page)?\W*",
    re.I,
)
"""Against a whole title or heading."""

STACK_TRACE = lazily(
    r"\b(?:fatal|parse|uncaught|unhandled)\s(?:error|exception)\b.{0,200}?\b(?:on line \d+|stack trace|thrown in)|Traceback \(most recent call last\)"
    r"|error establishing a database connection|(?:could not|can't|cannot|unable to) connect to (?:the )?(?:database|mysql|local mysql|db)\b"
    r"|SQLSTATE\[\w+\]|\bORA-\d{5}\b|mysqli?_(?:connect|query|fetch\w*)\(\)|(?:You have an error in your SQL syntax)|too many connections|upstream connect error or disconnect"
    r"|server error in '/[^']*' application|\bat [\w.$]+\([\w]+\.java:\d+\)|exception report|the server encountered an (?:internal|unexpected)"
    r"|(?:the )?service (?:is )?(?:temporarily )?unavailable\b.{0,60}(?:try|later)|erreur (?:de connexion|lors de la connexion) à la base de données",
    re.I | re.S,
)
"""In a short text."""

# ── a human is wanted ────────────────────────────────────────────────────────────────────────────────────

CHALLENGE = lazily(
    r"\W*(?:just a moment|attention required\W+cloudflare|attention required|one more step|one moment,? please|please wait|verifying(?: you(?:r browser| are.*)?)?"
    r"|verify(?:ing)? (?:that )?you(?:r browser| are|'re).*|(?:please )?(?:verify|confirm|prove)(?: that)? you(?:'re| are)? (?:a )?(?:human|not a (?:ro)?bot).*"
    r"|are you (?:a )?(?:human|robot)|checking (?:if|your|the) (?:the )?(?:browser|site|connection).*|(?:[\w.]+ )?security (?:check|checkpoint|verification)|robot check|bot check|human (?:check|verification)"
    r"|pardon our interruption|.*unusual traffic.*|making sure you're not a bot|.*confirm you are (?:a )?human|ddos-guard|ddos protection.*|client challenge|access check"
    r"|challenge validation|validation request|captcha|recaptcha|i'm not a robot|you are being redirected|sina visitor system|access to this page has been denied"
    r"|(?:please )?(?:enable|turn on) (?:java ?script|cookies)(?: and (?:java ?script|cookies))?(?: to (?:continue|proceed))?|cookie absent|cookies? required"
    r"|sorry, you have been blocked|you have been blocked|(?:\S* ?)?(?:请完成)?(?:安全验证|人机验证|滑动验证|验证码)|access (?:temporarily )?(?:restricted|limited|blocked|denied)(?: .{0,30}cloudflare)?"
    r"|sicherheitsüberprüfung|vérification de sécurité|verificación de seguridad|verifica di sicurezza|проверка (?:безопасности|браузера)|セキュリティ(?:チェック|確認)|보안 확인)\W*",
    re.I,
)
"""Against a whole title segment or heading: papers have such words in their titles, too.

Titles that are names: Fastly's "client challenges" (its documentation of bot management), "Access Check" (PerimeterX at
JSTOR) and "Cookie Absent" (/action/cookieAbsent of Atypon Literatum), both as crawlers of others have them in their tests."""

CHALLENGE_SUBJECT = lazily(
    r"captcha|security check|bot (?:check|verification|detection)|human verification|robot check", re.I
)
"""Words that papers have in their titles, too."""

CHALLENGE_SENTENCE = lazily(
    r"(?:verify|confirm|sure|prove|demonstrate|check|showing?)(?:ing)? (?:that )?you(?:'re| are) (?:(?:actually |indeed )?(?:a )?(?:real |human )?(?:human|person)|not a (?:ro)?bot)"
    r"|\bnot a robot\b|unusual (?:traffic|activity|amount of)|automated (?:requests?|access|quer(?:y|ies)|traffic) (?:from|to|by)|complete (?:the|this) (?:re)?captcha|solve (?:the|this) (?:captcha|challenge|puzzle)"
    r"|checking (?:if the site connection is secure|your browser before)|javascript is required\W+(?:please )?enable javascript before|enable javascript (?:and cookies )?to (?:continue|proceed)\b(?!.{0,400}\b(?:view|using) )"
    r"|the requested url was rejected\W+please consult with your administrator|access (?:to (?:this|the) (?:page|site|website|resource)|from your (?:area|country|region|ip|location|network)[\w ]{0,10}) (?:has been|is|was) (?:\w+ )?(?:denied|limited|blocked|restricted|forbidden)"
    r"|(?:you have|you've|your (?:ip|access|request)[\w ]{0,12}) (?:has )?been (?:temporarily )?(?:blocked|banned|denied|rate limited)|don't have permission to access [^.]{0,120} on this server"
    r"|protect(?:ed|ing)? (?:the|this|our) (?:server|site|website)[^.]{0,60}(?:scrap|bots|attacks)|generated by wordfence|enter the characters you see below"
    r"|请[^。]{0,14}(?:验证|驗證)|(?:网络环境|访问|請求|请求)[^。]{0,12}(?:异常|过于频繁|頻繁)|ロボットではない|로봇이 아닙니다|вы не робот|kein roboter|pas un robot|no (?:eres|soy) un robot|non sei un robot|não é um robô",
    re.I,
)
"""In a short text. Wordfence: lib/wf503.php and its blocks by country; Anubis: lib/localization/locales/en.json; Sucuri and Amazon as crawlers know them."""

CAPTCHA_MARKERS = (
    *("challenges.cloudflare.com", "cf-turnstile", "g-recaptcha", "h-captcha", "hcaptcha.com"),
    *("google.com/recaptcha", "geetest"),
)
"""Captchas that stand on challenge pages, in contact forms, and in pages that scripts draw."""

DESCRIBED = lazily(
    r"""(?:property|name)\s*=\s*["']?(?:og:title|og:description|twitter:title|citation_title)"""
)
"""What a page of its own has in its head, and a wall has not."""

NEEDS_COOKIES = lazily(
    r"(?:enable|activate|turn on|allow|accept) (?:javascript and )?cookies(?: (?:to continue|in your browser))"
    r"|cookies (?:are|must be) (?:disabled|enabled|required)|your browser is accepting cookies",
    re.I,
)

NEEDS_SCRIPTS = lazily(
    r"(?:enable|activate|requires?|need|turn on) javascript|javascript (?:is |to be )?(?:disabled|required|enabled)",
    re.I,
)

WALL_HINT = lazily(
    r"captcha|robot|\bbots?\b|human|verif|validat|challenge|cookies?\b|javascript|access (?:denied|restricted|blocked)|forbidden|blocked|permission"
    r"|\blog ?in\b|\bsign ?in\b|password|subscri|consent|agree to|your ip\b|ray id|reference (?:#|id)|security|firewall|loading|please wait|moment"
    r"|验证|驗證|登录|登入|访问|ログイン|認証|로그인|인증|anmelden|connexion|iniciar sesión|accedi|вход|войти|проверк",
    re.I,
)
"""Words of closed doors. They count only on a page that every address gets."""

# ── nobody lives there any more ──────────────────────────────────────────────────────────────────────────

PARKED = lazily(
    r"(?:this |the )?domain(?: name)?(?: [\w.-]+)? (?:is|may be|might be) (?:now )?(?:available )?for (?:sale|rent|lease|purchase)|(?:buy|get|inquire about|own) this domain|domain is parked"
    r"|(?:[\w-]+\.)+[a-z]{2,12} is (?:(?:now )?(?:available )?for (?:sale|purchase)|parked)|domain (?:is )?now for (?:rent|sale)"
    r"|parked (?:free|domain|on|by|with|courtesy)|this (?:web ?page|domain|site) is (?:currently )?parked|sedoparking|parkingcrew|hugedomains"
    r"|domain(?: name)?[^.]{0,30}\b(?:has )?expired|domain (?:name )?(?:has been|was|is) (?:recently |just )?registered|domain is registered (?:at|with)"
    r"|(?:registered|parked) (?:at|by|with) (?:[\w-]+\.(?:com|net|org)|namecheap|godaddy|porkbun|dynadot|namesilo|gandi|ionos|network solutions|squarespace)"
    r"|(?:domain|website)[^.]{0,30} is coming soon|pending renewal or deletion|premium domain"
    r"|diese (?:domain|internetadresse) (?:steht (?:zum|zu) verkauf|ist zu verkaufen|ist geparkt|wurde (?:soeben )?registriert|kaufen)|domain (?:zu verkaufen|kaufen|geparkt)|domain (?:wurde |ist )?(?:\w+ ){0,3}registriert"
    r"|(?:ce )?(?:nom de )?domaine (?:est )?(?:à vendre|en vente)|(?:ce )?(?:nom de )?domaine[^.]{0,20}(?:a été|est) [^.]{0,40}(?:enregistré|parqué|réservé|déposé)"
    r"|(?:este )?dominio (?:está )?(?:en venta|aparcado|registrado)|compr[ae]r? este dominio|(?:este )?domínio (?:está )?(?:à venda|estacionado|registrado)|(?:questo )?dominio (?:è )?in vendita|dominio (?:è stato )?(?:registrato|parcheggiato)|acquista questo dominio"
    r"|(?:deze )?dom(?:ein|einnaam)(?: is)? te koop|koop (?:dit|deze) domein\w*|(?:dit|deze) domein(?:naam)? is (?:geregistreerd|gereserveerd|geparkeerd)|domän(?:en)? är (?:till salu|parkerad)|domæne(?:t)? er (?:til salg|parkeret)|domenet er (?:til salgs|parkert)|verkkotunnus on (?:myynnissä|varattu)"
    r"|domena (?:jest |je )?(?:na sprzedaż|zaparkowana|na prodej|na predaj|naprodaj|na prodaju|parkirana)|kup tę domenę|(?:koupit|kúpiť) túto? doménu|doména je (?:na prodej|na predaj|parkovaná|zaparkovaná)|domain eladó|domeniu (?:este )?de vânzare|домейн се продава"
    r"|домен\S* (?:прода[её]тся|припаркован|зарегистрирован|не продл[её]н|выставлен на продажу)|купить домен|домен продається|τομέας είναι προς πώληση|domeen on müügis|domēns ir pārdošanā|domenas parduodamas"
    r"|(?:alan ad[ıi]|domain) (?:satılık\w*|park edilmiş\w*)|(?:bu )?domaini satın al|域名(?:出售|转让|正在出售|待售|停放|已过期)|(?:此|该|本)域名[^。]{0,8}(?:出售|转让|待售|到期|过期)|網域[^。]{0,8}(?:出售|待售)|ドメイン(?:は|が|を)?[^。]{0,30}(?:販売|取得|登録され|売り出し|有効期限|期限切れ)"
    r"|도메인[^.]{0,16}(?:판매|주차|만료|등록)|tên miền[^.]{0,16}(?:đang được bán|hết hạn|rao bán)|domain (?:ini )?(?:dijual|telah kedaluwarsa)|النطاق (?:معروض )?للبيع|دامنه[^.]{0,12}فروش|הדומיין[^.]{0,12}למכירה",
    re.I,
)
"""In a short text, in the languages that registrars speak. "Pending renewal or deletion": the notice that RRPproxy documents for ICANN's ERRP."""

PARKING_MARKERS = lazily(
    r"data-adblockkey|window\.park\s*=|sedoparking|parkingcrew|hugedomains|bodis\.com|parklogic|skenzo|above\.com/marketplace|img\.sedoparking"
    r"|d38psrni17bvxu\.cloudfront|parking-lander|domainparking|cashparking|dsparking|uniregistry\.com/|caf\.js\?|adsense/domains/caf"
    r"|location\.(?:href|replace)\W{1,4}/lander\b",
    re.I,
)
"""What the markup of parking pages carries; their text is drawn by scripts or in a frame."""

PARKING_HOSTS = (
    "hugedomains.com",
    "sedo.com",
    "dan.com",
    "afternic.com",
    "parkingcrew.net",
    "bodis.com",
    "sedoparking.com",
    "above.com",
    "domainmarket.com",
    "undeveloped.com",
    "parklogic.com",
)
