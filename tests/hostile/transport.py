"""faults.md 1-15: connections, framing, status lines, bodies and their codings."""

from __future__ import annotations

import gzip

from servers import Route, hang, response

from hostile import handlers
from hostile.handlers import bomb, by_method, from_second_on, lazily, packed, raw, status
from hostile.labels import Behaviour, many, same
from hostile.pages import ARTICLE, GOOD, html

OK, HTML = "HTTP/1.1 200 OK", "Content-Type: text/html"
TEXT = html("Gzip", "Gzip", ARTICLE)
ZIPPED = gzip.compress(TEXT)
DENIED: Route = status("404 Not Found")
HEADS: dict[str, Route] = {
    "405": status("405 Method Not Allowed"),
    "403": status("403 Forbidden"),
    "404": status("404 Not Found"),
    "501": status("501 Not Implemented"),
    "500": status("500 Internal Server Error"),
    "hang": hang,
    "reset": handlers.close_at_once,
}


def length(value: str) -> handlers.Handler:
    return raw(OK, HTML, *(f"Content-Length: {part}" for part in value.split("|")), body=TEXT)


def chunked(body: bytes) -> handlers.Handler:
    return raw(OK, HTML, "Transfer-Encoding: chunked", body=body)


def odd_status(line: str) -> handlers.Handler:
    return raw(line, HTML, f"Content-Length: {len(TEXT)}", body=TEXT)


BEHAVIOURS = (
    Behaviour("Says nothing", many("timeout", hang, ["/a", "/b"])),
    Behaviour("Queue is full", many("timeout", hang, ["/a"]), listens="full"),
    Behaviour("Nothing listens", many("connection_refused", hang, ["/a", "/b", "/c"]), listens="nothing"),
    Behaviour("Drips headers", many("timeout", handlers.drip_headers, ["/a"])),
    Behaviour("Drips its body", many("ok", handlers.drip_body, ["/a", "/b"])),
    Behaviour(
        "Closes the connection",
        same("connection_reset", {"/at-once": handlers.close_at_once, "/headers": handlers.reset_in_headers}),
    ),
    Behaviour(
        "Body breaks off",
        same(
            "connection_reset",
            {
                "/reset": handlers.reset_in_body,
                "/length": raw(OK, HTML, "Content-Length: 99999", body=TEXT),
                "/chunk": chunked(b"ff\r\nonly this"),
                "/chunks": chunked(b"5\r\nhello\r\n"),
            },
        ),
        compared=False,
    ),
    Behaviour(
        "Framing makes no sense",
        same(
            "protocol_error",
            {
                "/negative": length("-5"),
                "/words": length("many"),
                "/conflict": length("10|20"),
                "/chunk-size": chunked(b"xyz\r\nhello\r\n0\r\n\r\n"),
                "/overflow": chunked(b"fffffffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
            },
        ),
        compared=False,
    ),
    Behaviour(
        "Framing is odd but plain",
        same(
            "ok",
            {
                "/both": raw(
                    OK,
                    HTML,
                    "Content-Length: 3",
                    "Transfer-Encoding: chunked",
                    body=b"5\r\n<p>hi\r\n0\r\n\r\n",
                ),
                "/folded": raw(OK, HTML, "X-Long: one", " two", f"Content-Length: {len(TEXT)}", body=TEXT),
                "/latin": raw(OK, HTML, "X-Name: caf\xe9", f"Content-Length: {len(TEXT)}", body=TEXT),
                "/no-length": raw(OK, HTML, body=TEXT),
                "/http-1-0": raw("HTTP/1.0 200 OK", HTML, body=TEXT),
                "/continue": raw("HTTP/1.1 100 Continue", "", OK, HTML, "Content-Length: 2", body=b"hi"),
                "/no-reason": raw("HTTP/1.1 200", HTML, f"Content-Length: {len(TEXT)}", body=TEXT),
            },
        ),
        compared=False,
    ),
    Behaviour(
        "Not HTTP",
        same(
            "protocol_error",
            {
                "/ssh": raw("SSH-2.0-OpenSSH_9.6"),
                "/http-0-9": raw("<html>hello", "<p>from 1991</html>"),
                "/http-9-9": raw("HTTP/9.9 200 OK", HTML, "Content-Length: 2", body=b"hi"),
                "/vt": raw(OK, HTML, "X-Tab: a\x0bb", "Content-Length: 2", body=b"hi"),
                "/nul": raw(OK, b"X-Nul: a\0b", HTML, "Content-Length: 2", body=b"hi"),
                "/4000-headers": raw(OK, *(f"X-{n}: {'v' * 1000}" for n in range(4000))),
                "/switching": raw("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket"),
                "/continues": raw(*["HTTP/1.1 100 Continue", ""] * 2000, OK, HTML),
            },
        ),
        compared=False,
    ),
    Behaviour(
        "Status that does not exist",
        same(
            "protocol_error",
            {f"/{n}": odd_status(f"HTTP/1.1 {n} Odd") for n in ("099", "600", "20O", "-1", "2000")},
        ),
        compared=False,
    ),
    Behaviour("999", many("bot_denied", status("999 Request denied"), ["/in/someone", "/company/some"])),
    Behaviour(
        "Success without a page",
        same(
            "ok",
            {
                "/204": raw("HTTP/1.1 204 No Content"),
                "/204-with-body": raw("HTTP/1.1 204 No Content", "Content-Length: 5", body=b"hello"),
                "/206": status("206 Partial Content", "Content-Range: bytes 0-24/4711"),
                "/202": status("202 Accepted", body=TEXT),
                "/203": status("203 Non-Authoritative Information", body=TEXT),
            },
        ),
    ),
    Behaviour(
        "Endless and huge bodies",
        same(
            "ok",
            {
                "/endless": handlers.endless_body,
                "/chunks": handlers.endless_chunks,
                "/declared": handlers.declared_huge,
                "/redirect": handlers.never_ends_redirect_body,
            },
        ),
        {"/good": GOOD},
    ),
    Behaviour(
        "HEAD is not answered",
        same(
            "ok",
            {
                f"/{name}.pdf": by_method(head, response(b"%PDF-1.7", kind="application/pdf"))
                for name, head in HEADS.items()
            },
        ),
    ),
    Behaviour(
        "HEAD says yes, GET says no",
        same(
            "not_found",
            {f"/{name}": by_method(response(), DENIED) for name in ("paper.pdf", "data.zip", "page")},
        ),
    ),
    Behaviour("TLS on the http port", many("connection_reset", GOOD, ["/a"]), listens="tls"),
    Behaviour("TLS alert on the http port", many("protocol_error", handlers.tls_alert, ["/a"])),
    Behaviour(
        "http on the https port", many("tls_protocol", GOOD, ["/a"]), scheme="https", certificate="plain"
    ),
    Behaviour(
        "Bombs",
        same(
            "ok",
            {
                "/gzip": lazily(lambda: packed(bomb("gzip"))),
                "/twice": lazily(lambda: packed(bomb("twice"))),
                "/thrice": lazily(lambda: packed(bomb("twice"), "gzip, gzip")),
                "/brotli": packed(b"\x8b\x7f\x80" * 200, "br"),
                "/zstd": packed(b"\x28\xb5\x2f\xfd" * 100, "zstd"),
            },
        ),
        compared=False,
    ),
    Behaviour(
        "Compression that is odd but sound",
        same(
            "ok",
            {
                "/plain": packed(ZIPPED),
                "/members": packed(gzip.compress(TEXT[:99]) + gzip.compress(TEXT[99:])),
                "/junk": packed(ZIPPED + b"junk after the end"),
                "/upper": packed(ZIPPED, "GZIP"),
                "/alias": packed(ZIPPED, "x-gzip"),
                "/empty": packed(TEXT, ""),
                "/identity": packed(TEXT, "identity"),
                "/six": packed(ZIPPED, "gzip,gzip,gzip,gzip,gzip,gzip"),
                "/unknown": packed(TEXT, "foo"),
                "/deflate": packed(TEXT, "deflate"),
            },
        ),
        compared=False,
    ),
    Behaviour(
        "Compression that is broken",
        {
            "/truncated": (packed(ZIPPED[:-40]), "connection_reset"),
            "/not-gzip": (packed(TEXT), "protocol_error"),
        },
        compared=False,
    ),
    Behaviour(
        "Recovers at the second try",
        same(
            "ok",
            {
                "/500": from_second_on(status("500 Internal Server Error")),
                "/502": from_second_on(status("502 Bad Gateway")),
                "/503": from_second_on(status("503 Service Unavailable")),
                "/504": from_second_on(status("504 Gateway Timeout")),
                "/reset": from_second_on(handlers.reset_in_headers),
                "/closed": from_second_on(handlers.close_at_once),
                "/cut": from_second_on(handlers.reset_in_body),
                "/hang": from_second_on(hang),
                "/503-asks": from_second_on(status("503 Busy", "Retry-After: 1")),
            },
        ),
        spread=True,
    ),
    Behaviour(
        "Server fails for good",
        same(
            "server_error",
            {f"/{code}": status(f"{code} Failed") for code in (500, 501, 502, 503, 504, 507, 520, 530)},
        ),
    ),
    Behaviour("Many links of a dead host", many("timeout", hang, [f"/paper/{n}" for n in range(6)])),
)
