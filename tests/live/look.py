"""Opens a page in headless Chromium and waits for a text: a script, of the browser's own venv.

    python look.py URL SELECTOR PICTURE

SELECTOR is Playwright's, e.g. `text=Success`. If the page does not show it, the exit code is 1. The
PICTURE is taken in any case.
"""

import shutil
import sys

from playwright.sync_api import Error, sync_playwright

PATIENCE_MS = 60_000
SIZE = {"width": 1440, "height": 900}
# Quiet, and without the sandbox, which Chromium refuses to do without only where it is root.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def look(url: str, selector: str, picture: str) -> int:
    """0 if the page at `url` shows what `selector` names."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport=SIZE)
        try:
            page.goto(url, timeout=PATIENCE_MS)
            page.wait_for_selector(selector, timeout=PATIENCE_MS)
            # The graph settles after it has been laid out.
            page.wait_for_timeout(1500)
        except Error as error:
            sys.stderr.write(f"{error}\n{page.inner_text('body')[:2000]}\n")
            return 1
        finally:
            page.screenshot(path=picture)
            browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(look(*sys.argv[1:]))
