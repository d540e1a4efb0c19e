"""Pages that are errors and give no status: by the number they show, by what a server or a host says."""

from __future__ import annotations

import pytest
from short_pages import judged

from scraper.model import Health


@pytest.mark.parametrize(
    ("title", "body", "reason"),
    [
        ("Ábhar :: Bosca", "<h1>404</h1><h2>Bosca</h2><p>Bosca eile ar fad.", "soft_404"),
        ("", "<div>404</div><p>Hmelgagn vurad.", "soft_404"),
        ("Arkiv", "<h1>404 feil</h1><h2>Boka</h2><p>Prøv noe annet, eller se i den store lista.", "soft_404"),
        ("หอสมุด", "<h1>404 ข้อผิดพลาด</h1><h2>หนังสือ</h2><p>ลองอีกครั้ง หรือดูรายการหนังสือทั้งหมดของเรา", "soft_404"),
        ("Arkiv", "<h1>Fel 500</h1><p>Vänta.", "server_error"),
        ("Ow!", "<h1>sorry, it broke</h1><p>please wait (error code: 502ssl)", "server_error"),
        ("Archiv", "<h1>403</h1><p>Zkuste to jinde.", "forbidden"),
        ("存档", "<h1>抱歉</h1><p>错误代码：503", "server_error"),
        ("Tipo de medio no soportado por el servidor", "<p>Inténtelo.", "server_error"),
        ("リクエストが長すぎます", "<h1>リクエストが長すぎます</h1>", "server_error"),
        ("请求的方法不被允许", "<h1>请求的方法不被允许</h1>", "server_error"),
        ("Lab", "<h1>We are experiencing technical difficulties</h1><p>Back soon.", "server_error"),
        ("ストレージ不足です", "<h1>容量不足です</h1>", "server_error"),
        ("Un instant…", "<script>f()</script><p>Vérification.", "challenge"),
        ("Ein Check", "<script>f()</script><p>Bitte bestätigen Sie, dass Sie ein Mensch sind.", "challenge"),
        ("请稍候…", "<script>f()</script>", "challenge"),
        ("Chwileczkę…", "<script>f()</script><p>lab.test", "challenge"),
        ("lab.test", "<script>f()</script><p>보안 확인을 완료하고 있습니다.", "challenge"),
        ("Lab", "<p>Public report page has not been activated.", "parked"),
        ("Lab", "<p>No site configured for this domain", "soft_404"),
        ("lab.test", "<p>Doména lab.test je na prodej.", "parked"),
        ("lab.test", "<p>Die Domain lab.test steht zum Verkauf.", "parked"),
        ("lab.test", "<p>Tên miền lab.test đang được rao bán.", "parked"),
        ("lab.test", "<p>このドメインは現在、販売中です。", "parked"),
        ("lab.test", "<p>Denna domän är registrerad hos Exempel AB.", "parked"),
        ("lab.test", "<p>Hosting tego serwisu wygasł. Skontaktuj się z nami.", "parked"),
        ("lab.test", "<p>Trang web này chưa được xuất bản.", "parked"),
        ("lab.test", "<p>This website has been seized by the police of three countries.", "suspended"),
        ("Welcome to Jetty 12", "<h1>Welcome to Jetty 12</h1><p>Put your applications there.", "soft_404"),
    ],
)
def test_it_is_no_page_where_no_other_address_denies_it(title: str, body: str, reason: str) -> None:
    found = judged(title, body)
    assert found.claim.reason == reason, found


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Netzfilter - Zugriff verweigert", "forbidden"),
        ("Filtro de red - Acceso denegado", "forbidden"),
        ("Nätfilter - Åtkomst nekad", "forbidden"),
        ("Filter - Prístup bol odopretý", "forbidden"),
        ("Filtr - Přístup zamítnut", "forbidden"),
        ("フィルター - アクセスが拒否されました", "forbidden"),
        ("Netzfilter - Zugriff fehlgeschlagen", "server_error"),
        ("Netzfilter - Anfrage ungültig", "server_error"),
        ("Filtro de red - Método no permitido", "server_error"),
    ],
)
def test_who_is_refused_stands_before_a_wall_and_no_failing_server(title: str, reason: str) -> None:
    """Below a program's name, and with more words than a mere name of a status has."""
    found = judged(title, f"<p>{'lorem ipsum dolor sit amet ' * 14}")
    assert found.claim.reason == reason, found


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Ábhar :: Bosca", "<h1>404</h1><h2>Bosca</h2><p>Bosca eile ar fad, agus tuilleadh fós sa leabhar."),
        ("Archiv", "<h1>403</h1><p>Zkuste to jinde."),
        ("请求的方法不被允许", "<h1>请求的方法不被允许</h1>"),
        ("lab.test", "<p>Tên miền lab.test đang được rao bán."),
    ],
)
def test_other_addresses_decide_it(title: str, body: str) -> None:
    assert judged(title, body).doubtful


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Fiat 500", "<h1>500</h1><p>A small car of 1957. Two cylinders, 479 cc."),
        ("Room 404", "<h1>404</h1><p>Second floor. Seats 30."),
        ("Survey", "<p>404 people answered. The data are in the table."),
        ("HTTP API", "<h1>Errors</h1><p>Error 400: bad input. Error 404: no such set. Error 500: ours."),
        ("Media types", "<h1>Media types</h1><p>Which media types servers send, counted in 2019."),
        ("Requests", "<h1>Requests</h1><p>Requests per second of five servers. Slides."),
        ("Un momento de silencio", "<h1>Un momento de silencio</h1><p>Poema, 1987."),
        ("Bots", "<h1>Checking whether bots read papers</h1><p>Traffic of four journals. PDF."),
        ("Domains", "<h1>Domain adaptation</h1><p>Sites are domains here; code and data below."),
        ("Hosting", "<h1>Hosting of conferences</h1><p>Three sites have been visited by the committee."),
        ("研究室", "<p>研究室の日誌。現在、リンクはありません。"),
        ("Seizures", "<h1>Seizures</h1><p>Recordings of 12 patients. The website has the data."),
        ("Too long; didn't read", "<h1>Too long; didn't read</h1><p>A dataset of summaries. Download."),
    ],
)
def test_what_only_sounds_so_is_a_page(title: str, body: str) -> None:
    assert judged(title, body).claim.health is Health.ALIVE
