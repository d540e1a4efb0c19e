"""What closed doors say: logins, pages for other people or other countries. Regular expressions as data."""

from __future__ import annotations

import re

from scraper.verdicts.patterns import lazily

WITHHELD = lazily(
    r"\b(?:this|the) (?:video|file|page|document|album|playlist|account|profile|repository|project|item|form|folder|notebook|board|(?:mailing )?list) is private\b"
    r"|\byou need (?:access|permission)\b|\brequest access, or\b",
    re.I,
)
"""What its owner shows to some, in a very short text."""

_ACCESS = (
    r"access|zugriff|zugang|accès|acceso|acesso|accesso|toegang|åtkomst|dostęp|přístup|prístup|доступ|erişim|גישה"
    r"|アクセス|访问|存取|액세스|접근|truy cập|akses"
)
_DENIED = (
    r"denied|forbidden|refused|verweiger|gesperrt|verboten|refusé|interdit|denegad|prohibid|negad|proibid|recusad|negat|vietat|geweigerd"
    r"|nekad|förbjud|zabronion|odmów|odmow|odepřen|odopret|zakázan|zakázán|zamítnut|zamietnut|запрещ|отказан|заборонен|відмовлен|redded|engellen"
    r"|yasak|נדח|נחסמ|拒否|禁止|拒绝|拒絕|거부|금지|차단|từ chối|cấm|ditolak|dilarang"
)
ACCESS_DENIED = lazily(rf"(?:{_ACCESS}).{{0,50}}(?:{_DENIED})|(?:{_DENIED}).{{0,50}}(?:{_ACCESS})", re.I)
"""Which of the refusals (`absent_words/refusals.ini`) is of the visitor: a closed door, no failure of the server."""

ELSEWHERE_ONLY = lazily(
    r"(?:not|n't|un)\s?(?:be )?(?:available|accessible|offered|supported) (?:in|for|from|to) (?:visitors (?:in|from) )?(?:your|this) (?:country|region|location|territory|area)"
    r"|(?:pas|plus) (?:disponible|accessible)s? dans votre (?:pays|région)|in (?:deinem|ihrem|diesem) (?:land|region|gebiet) nicht (?:verfügbar|erreichbar)"
    r"|no (?:está |es )?disponibles? en (?:tu|su) (?:país|región)|não (?:está )?disponív\w+ (?:no seu|em seu) país|não (?:está )?disponív\w+ na sua região"
    r"|non (?:è |sono )?(?:disponibil\w+|accessibil\w+) nel (?:tuo|suo) paese|niet beschikbaar in (?:jouw|je|uw) (?:land|regio)"
    r"|недоступ\w+ в ваш\w+ (?:стран|регион)\w+|niedostępn\w+ w (?:twoim|państwa) (?:kraju|regionie)|ülkeni[zn]de (?:kullanıla|mevcut değil|erişilem)\w*"
    r"|(?:您|你)所在的?(?:地区|地區|国家|國家|区域|區域)[^。]{0,12}(?:不|无|無|限制)|お住まいの(?:地域|国)[^。]{0,12}(?:ません|できない)|(?:현재|해당|귀하의) (?:국가|지역)에서[^.]{0,16}(?:없|않|불가)",
    re.I,
)
"""What is kept from visitors of some countries, against a short text."""

LOGIN_PATH = lazily(
    r"(?:^|[/._-])(?:log-?in|sign-?in|sign_in|logon|sso|servicelogin|authwall|oauth2?|authorize|shibboleth|idp|saml2?|cas|wayf|openid-connect)(?:[/._?-]|$)",
    re.I,
)
LOGIN_HOSTS = (
    "accounts.google.com",
    "login.microsoftonline.com",
    "login.live.com",
    "github.com/login",
    "auth0.com",
    "okta.com",
    "orcid.org/signin",
)

LOGIN = lazily(
    r"\b(?:log ?in|sign ?in|anmelden|einloggen|connexion|se connecter|iniciar sesión|accedi|entrar|войти)\b"
    r"|登录|登入|ログイン|로그인",
    re.I,
)
CREDENTIALS = lazily(r"\b(?:e-?mail|user ?name|password|account|single sign|institution)\b", re.I)
