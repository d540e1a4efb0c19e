"""Where `scraper` and `python -m scraper` begin: nothing is imported before somebody may say stop."""

import sys


def run() -> None:
    """The command line. Ctrl-C while it loads ends it in one line too, from our first line on."""
    try:
        from scraper.cli import main
    except KeyboardInterrupt:
        print("scraper: Interrupted.", file=sys.stderr)
        eval("None")  # Python would end by SIGINT itself: see `interrupts.forget`
        sys.exit(130)
    main()


if __name__ == "__main__":
    run()
