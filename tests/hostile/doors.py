"""Closed doors: somebody is home and lets no program in; and doors that only look closed."""

from __future__ import annotations

from servers import redirect, response

from hostile.handlers import from_second_on, status
from hostile.labels import Behaviour, Labelled, many, same
from hostile.pages import ARTICLE, GOOD, PROSE, html, page

PASSWORD = "<form action=/session><input name=user><input type=password name=secret></form>"
LOGIN_PAGE = page("Sign in · Institute", "Sign in", "", PASSWORD)
MOMENT = html("Just a moment...", "Checking your browser before accessing the site", "This may take a while")
WIDGET = "<form><textarea name=message></textarea><div class='g-recaptcha' data-sitekey=x></div></form>"


def refusals(*lines: str) -> Labelled:
    return {f"/{line[:3]}": (status(line), "forbidden") for line in lines}


def limited(*values: str) -> Labelled:
    return {
        f"/{number}": (
            status("429 Too Many Requests", *([f"Retry-After: {value}"] if value else [])),
            "rate_limited",
        )
        for number, value in enumerate(values)
    }


def once_limited(*values: str) -> Labelled:
    return {
        f"/{number}": (
            from_second_on(status("429 Too Many Requests", *([f"Retry-After: {value}"] if value else []))),
            "ok",
        )
        for number, value in enumerate(values)
    }


CHALLENGES = {
    "/cloudflare": status("403 Forbidden", "Server: cloudflare", "cf-mitigated: challenge", body=MOMENT),
    "/cloudflare-503": status("503 Service Unavailable", "Server: cloudflare", body=MOMENT),
    "/cloudflare-200": response(MOMENT),
    "/attention": status(
        "403 Forbidden",
        body=html("Attention Required! | Cloudflare", "Sorry, you have been blocked", "Ray ID: 8f"),
    ),
    "/turnstile": response(
        html(
            "OpenReview",
            "",
            "Verify you are human",
            "<div class=cf-turnstile></div><script src=https://challenges.cloudflare.com/turnstile/v0/api.js></script>",
        )
    ),
    "/akamai": status(
        "403 Forbidden",
        body=html("Access Denied", "Access Denied", "You don't have permission. Reference #18.2f"),
    ),
    "/perimeterx": status(
        "403 Forbidden",
        body=html(
            "Access to this page has been denied",
            "Press & Hold to confirm you are a human",
            "",
            "<div id=px-captcha></div>",
        ),
    ),
    "/datadome": status(
        "403 Forbidden",
        body=b"<title>x.test</title><script src=https://ct.captcha-delivery.com/c.js></script>",
    ),
    "/incapsula": response(b"<html><iframe src='/_Incapsula_Resource?SWUDNSAI=31'></iframe></html>"),
    "/aws": status("202 Accepted", "x-amzn-waf-action: challenge", body=b""),
    "/captcha-200": response(
        html("Security check", "Are you a robot?", "Please solve this", "<div class=h-captcha></div>")
    ),
    "/anubis": response(html("Making sure you're not a bot!", "Making sure you're not a bot!", "Loading...")),
    "/interruption": response(
        html("Pardon Our Interruption", "Pardon Our Interruption...", "As you were browsing")
    ),
    "/chinese": response(html("人机验证", "请完成安全验证", "")),
    "/ddos-guard": status(
        "403 Forbidden", body=html("DDoS-Guard", "", "Checking your browser before accessing")
    ),
    "/cookies": page("Research portal", "", "Please enable cookies to continue."),
    "/vercel": status(
        "429 Too Many Requests", body=html("Vercel Security Checkpoint", "", "We're verifying your browser")
    ),
}

BEHAVIOURS = (
    Behaviour("Challenges", same("challenge", dict(CHALLENGES))),
    Behaviour(
        "Wants a password",
        same(
            "login_required",
            {
                "/401": status("401 Unauthorized", "WWW-Authenticate: Basic"),
                "/407": status("407 Proxy Authentication Required"),
                "/redirect": redirect("/login?next=/redirect"),
                "/sso": redirect("/sso/authorize"),
                "/users": redirect("/users/sign_in"),
                "/cas": redirect("/cas/login?service=x"),
                "/page": LOGIN_PAGE,
                "/german": page("Anmelden", "Anmelden", "", PASSWORD),
                "/chinese": page("登录", "用户登录", "", PASSWORD),
                "/wall": page("Private · Lab Wiki", "Log in to see this page", "", PASSWORD),
            },
        ),
        {"*": LOGIN_PAGE},
    ),
    Behaviour(
        "Refused to programs",
        refusals(
            "403 Forbidden",
            "402 Payment Required",
            "405 Method Not Allowed",
            "406 Not Acceptable",
            "418 I'm a teapot",
            "423 Locked",
        )
        | {"/451": (status("451 Unavailable For Legal Reasons"), "unavailable_legally")},
    ),
    Behaviour(
        "Gone, and says so",
        {
            "/404": (status("404 Not Found"), "not_found"),
            "/404-empty": (status("404 Not Found", body=b""), "not_found"),
            "/404-page": (status("404 Not Found", body=html("The Institute", "", ARTICLE)), "not_found"),
            "/404-widget": (status("404 Not Found", body=html("Missing", "", ARTICLE, WIDGET)), "not_found"),
            "/410": (status("410 Gone"), "gone"),
            "/400": (status("400 Bad Request"), "bad_request"),
            "/404.pdf": (status("404 Not Found"), "not_found"),
        },
    ),
    Behaviour(
        "Limits without an end",
        limited("", "3600", "86400", "99999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "nan", "1")
        | {"/hour-503": (status("503 Service Unavailable", "Retry-After: 3600"), "rate_limited")},
        spread=True,
    ),
    Behaviour(
        "Limits for a moment",
        once_limited(
            "1",
            "0",
            "",
            "nan",
            "inf",
            "-5",
            "1.5",
            "１２".encode().decode("latin-1"),
            "soon",
            "Thu, 01 Jan 1970 00:00:00 GMT",
        ),
        spread=True,
    ),
    Behaviour(
        "Only looks closed",
        same(
            "ok",
            {
                "/contact": page("Contact", "Contact us", "Write to us. " + ARTICLE, WIDGET),
                "/short-contact": page(
                    "Contact the lab",
                    "Contact",
                    "Our office is open from nine to five. Use the form.",
                    WIDGET,
                ),
                "/header-login": page(
                    "Small budgets", "Small budgets", ARTICLE, PASSWORD + "<a href=/login>Log in</a>"
                ),
                "/login-link": page(
                    "A short note", "A short note", "We tried it. <a href=/login>Log in</a> to comment."
                ),
                "/captcha-paper": page(
                    "CAPTCHA recognition with CNNs", "CAPTCHA recognition with CNNs", PROSE * 2
                ),
                "/about-captcha": page("Breaking text captchas with CNNs", "Breaking text captchas", ARTICLE),
                "/about-login": page("How people log in", "How people log in: a study", ARTICLE),
                "/signed": page("SignInNet", "SignInNet: signatures", ARTICLE),
                "/cloudflare-beacon": page(
                    "Lab",
                    "Lab news",
                    ARTICLE,
                    "<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>",
                ),
                "/newsletter": page(
                    "Dataset card",
                    "Dataset card",
                    "Download below.",
                    "<div class=cf-turnstile></div><p>Subscribe to our letter. " + ARTICLE,
                ),
                "/security-check": page("A security check of 900 notebooks", "A security check", ARTICLE),
            },
        ),
    ),
    Behaviour(
        "A login page that was linked", {"/login": (LOGIN_PAGE, "ok"), "/users/sign_in": (LOGIN_PAGE, "ok")}
    ),
    Behaviour(
        "Down for maintenance with 200",
        same(
            "server_error",
            {
                "/p/1": page("Site under maintenance", "We'll be back soon!", "We are doing some work."),
                "/p/2": page("Universität", "Wartungsarbeiten", "Bitte versuchen Sie es später."),
            },
        ),
        compared=False,
    ),
    Behaviour(
        "Certificate asked for", many("login_required", GOOD, ["/a"]), scheme="https", certificate="client"
    ),
)
