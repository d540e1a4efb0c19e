"""Pages of the hostile web: what sites say when something is missing, and what they say when it is not."""

from __future__ import annotations

from servers import response

PROSE = (
    "We study how optimisation, data and architecture interact when the budget is small. Gradients are "
    "clipped, seeds are fixed, and every table comes with the script that made it. Results hold on three "
    "benchmarks, and we discuss where they do not. "
)
ARTICLE = PROSE * 8
"""About 1,900 characters: a text of its own."""
MENU = "".join(f"<li><a href='/{word}'>{word}</a></li>" for word in ("home", "about", "people", "blog"))


def html(title: str, heading: str = "", text: str = "", extra: str = "", head: str = "") -> bytes:
    """A page as a site would serve it, in UTF-8."""
    h1 = f"<h1>{heading}</h1>" if heading else ""
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body><nav><ul>{MENU}</ul></nav><main>{h1}<p>{text}</p>{extra}</main>"
        f"<footer>Department of Computing, 12 Some Street</footer></body></html>"
    ).encode()


def page(title: str, heading: str = "", text: str = ARTICLE, extra: str = "", head: str = "") -> bytes:
    """A 200 with that page."""
    return response(html(title, heading or title, text, extra, head))


GOOD = page("Small budgets, honest tables", "Small budgets, honest tables")

SOFT_404: dict[str, tuple[str, str, str]] = {
    # language or software: title, heading, text
    "en-wordpress": (
        "Page not found – Our Lab",
        "Oops! That page can’t be found.",
        "It looks like nothing was found at this location. Maybe try a search?",
    ),
    "en-squarespace": (
        "Page Not Found — Studio",
        "",
        "We couldn't find the page you were looking for. This is either because: There is an error in the "
        "URL entered into your web browser. Please check the URL and try again. The page you are looking "
        "for has been moved or deleted.",
    ),
    "en-blogger": ("My blog", "", "Sorry, the page you were looking for in this blog does not exist."),
    "en-drupal": ("Page not found | Institute", "Page not found", "The requested page could not be found."),
    "en-iis": (
        "404 - File or directory not found.",
        "Server Error",
        "404 - File or directory not found. The resource you are looking for might have been removed, had "
        "its name changed, or is temporarily unavailable.",
    ),
    "en-notion": ("Notion", "This content does not exist", ""),
    "en-wix": ("Lab", "This page isn't available", "The link you followed may be broken."),
    "en-404": ("404", "404", "Lost in space?"),
    "en-error": ("Error 404 (Not Found)!!1", "", "404. That’s an error. That’s all we know."),
    "en-oops": ("Oops!", "Oops! We can't find that page", "Go back home"),
    "en-dataset": ("Repository", "Dataset not found", "Browse all datasets"),
    "de": ("Seite nicht gefunden | Universität", "Seite nicht gefunden", "Zur Startseite"),
    "de-leider": (
        "Fehler 404",
        "Fehler 404",
        "Die von Ihnen gesuchte Seite konnte leider nicht gefunden werden.",
    ),
    "fr": ("Page introuvable - Laboratoire", "Page introuvable", "Retour à l'accueil"),
    "fr-existe": ("Erreur 404", "Cette page n'existe pas", "La page que vous recherchez n'existe plus."),
    "es": ("Página no encontrada", "Página no encontrada", "Volver al inicio"),
    "es-busca": ("Universidad", "Lo sentimos, la página que buscas no existe", "Inicio"),
    "ca": ("Pàgina no trobada", "Pàgina no trobada", "Torna a l'inici"),
    "pt": ("Página não encontrada", "Página não encontrada", "Voltar"),
    "it": ("Pagina non trovata", "Pagina non trovata", "Torna alla home"),
    "it-richiesta": ("Ateneo", "La pagina richiesta non esiste", "Home"),
    "nl": ("Pagina niet gevonden", "Pagina niet gevonden", "Naar de startpagina"),
    "nl-bestaat": ("Universiteit", "Deze pagina bestaat niet meer", "Home"),
    "sv": ("Sidan hittades inte", "Sidan hittades inte", "Till startsidan"),
    "no": ("Siden ble ikke funnet", "Fant ikke siden", "Til forsiden"),
    "da": ("Siden blev ikke fundet", "Siden findes ikke", "Til forsiden"),
    "fi": ("Sivua ei löytynyt", "Sivua ei löytynyt", "Etusivulle"),
    "pl": ("Nie znaleziono strony", "Strona nie została znaleziona", "Strona główna"),
    "cs": ("Stránka nenalezena", "Požadovaná stránka neexistuje", "Úvod"),
    "sk": ("Stránka sa nenašla", "Stránka sa nenašla", "Domov"),
    "hu": ("Az oldal nem található", "A keresett oldal nem található", "Főoldal"),
    "ro": ("Pagina nu a fost găsită", "Pagina nu a fost găsită", "Acasă"),
    "bg": ("Страницата не е намерена", "Страницата не е намерена", "Начало"),
    "hr": ("Stranica nije pronađena", "Stranica nije pronađena", "Početna"),
    "sl": ("Strani ni mogoče najti", "Strani ni mogoče najti", "Domov"),
    "tr": ("Sayfa bulunamadı", "Aradığınız sayfa bulunamadı", "Ana sayfa"),
    "ru": ("Страница не найдена", "Страница не найдена", "На главную"),
    "ru-404": ("Ошибка 404", "Ошибка 404", "Запрашиваемая страница не существует."),
    "uk": ("Сторінку не знайдено", "Сторінку не знайдено", "На головну"),
    "el": ("Η σελίδα δεν βρέθηκε", "Η σελίδα δεν βρέθηκε", "Αρχική"),
    "ar": ("الصفحة غير موجودة", "الصفحة غير موجودة", "الرئيسية"),
    "fa": ("صفحه یافت نشد", "صفحه مورد نظر یافت نشد", "خانه"),
    "he": ("הדף לא נמצא", "הדף לא נמצא", "דף הבית"),
    "hi": ("पृष्ठ नहीं मिला", "पृष्ठ नहीं मिला", "मुखपृष्ठ"),
    "zh": ("页面不存在", "抱歉，您访问的页面不存在", "返回首页"),
    "zh-cuo": ("404错误", "您访问的页面找不到了", "返回首页"),
    "zh-tw": ("找不到網頁", "您要找的頁面不存在", "回首頁"),
    "ja": ("ページが見つかりません", "お探しのページは見つかりませんでした", "ホームへ"),
    "ja-sonzai": ("404 - 大学", "指定されたページは存在しません", "ホームへ"),
    "ko": ("페이지를 찾을 수 없습니다", "요청하신 페이지를 찾을 수 없습니다", "홈으로"),
    "vi": ("Không tìm thấy trang", "Không tìm thấy trang", "Trang chủ"),
    "id": ("Halaman tidak ditemukan", "Halaman tidak ditemukan", "Beranda"),
    "th": ("ไม่พบหน้าที่คุณต้องการ", "ไม่พบหน้าที่คุณต้องการ", "หน้าแรก"),
}
"""What not-found pages say, in the words of real sites and of the software they run on."""

ABOUT_404: dict[str, tuple[str, str, str]] = {
    "design": ("How to design a great 404 page", "How to design a great 404 page", ARTICLE),
    "encyclopaedia": ("HTTP 404 - Encyclopaedia", "HTTP 404", ARTICLE * 3),
    "history": ("404 Not Found: a history", "404 Not Found: a history of an error", ARTICLE),
    "german": ("Die schönsten Fehlerseiten", "Seite nicht gefunden: die schönsten Fehlerseiten", ARTICLE),
    "missing-data": ("Missing data in clinical trials", "Missing data in clinical trials", PROSE * 2),
    "song": ("Page Not Found – song lyrics", "Page Not Found (song)", ARTICLE),
    "paper": ("Not Found: Detecting Absent Objects", "Not Found: Detecting Absent Objects", PROSE * 2),
    "faq": (
        "Deploying the documentation",
        "Deploying the documentation",
        "After the first deployment you may see a message that the page could not be found. Wait for the "
        "build, then clear the cache. " + PROSE,
    ),
    "issue": (
        "Page not found after upgrade · Issue #12 · lab/docs",
        "Page not found after upgrade #12",
        "Since the upgrade the landing page is not found on this server when the trailing slash is left "
        "out. Steps to reproduce are below. " + PROSE * 2,
    ),
    "release": (
        "Release notes 2.4",
        "Release notes 2.4",
        "Fixed: the page was not found when its title had an umlaut. Fixed: a file that has been removed "
        "was still listed. New: exports. " + PROSE,
    ),
    "title-404": ("Peugeot 404", "Peugeot 404", "A car that was built from 1960 to 1975. " + PROSE * 3),
    "removed": ("What was removed in version 3", "What was removed in version 3", PROSE * 2),
}
"""Pages that speak of missing pages, and are there."""
