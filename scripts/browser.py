"""Makes reports of the fixtures and looks at them in Chromium; ends with an error where something is wrong."""

import argparse
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import sync_playwright

FIXTURES = Path("fixtures/textures")
ODD = "<script>alert(1)<script> \"b'c&d"
# A4 less its margins, in CSS pixels.
PAPER = 703


def textura(program, *words):
    run = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    assert run.returncode in (0, 3), f"{words}: {run.returncode}\n{run.stderr}"


def split_folder(root):
    """24 classes, of which three and three look the same, so that there are mistakes; one has an odd name."""
    n_classes = 0
    for folder in sorted(FIXTURES.iterdir()):
        pictures = sorted(folder.iterdir())
        for third, word in enumerate(("fine", "medium", "coarse")):
            name = f"{folder.name} {word}" if n_classes else ODD
            for at, picture in enumerate(pictures[third::3]):
                part = ("train", "train", "train", "val", "test", "test", "test")[at]
                target = root / part / name
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy(picture, target / picture.name)
            n_classes += 1
    (root / "test" / ODD / "broken.png").write_text("no picture")
    assert n_classes == 24, n_classes


def make(program, work):
    split = work / "many"
    split_folder(split)
    fast = ["--descriptor", "fast", "--hidden", "none", "--augment", "none", "--epochs", "60"]
    reports = {name: work / f"{name}.html" for name in ("train", "many", "evaluate", "classify")}
    few, many = work / "few.json", work / "many.json"
    textura(program, "train", FIXTURES, "--model", few, "--report", reports["train"], *fast)
    textura(program, "train", split, "--model", many, *fast)
    textura(program, "evaluate", many, split, "--report", reports["many"])
    textura(program, "evaluate", few, FIXTURES, "--corrupt", "noise:40", "--report", reports["evaluate"])
    textura(
        program, "classify", few, FIXTURES, "fixtures/edge", "fixtures/broken",
        "--report", reports["classify"], "--output", work / "rows.csv",
    )
    return reports


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def look_behind(page):
    """Opens a cell by mouse and by keyboard; gives how many pictures were seen."""
    button = page.locator(".matrix button").first
    panel = page.locator(f"#{button.get_attribute('popovertarget')}")
    assert not panel.is_visible()
    button.click()
    assert panel.is_visible(), "a click opens nothing"
    images = panel.locator("img")
    n = images.count()
    assert n > 0
    for at in range(n):
        images.nth(at).scroll_into_view_if_needed()
        page.wait_for_function("i => i.complete && i.naturalWidth > 0", arg=images.nth(at).element_handle())
    page.keyboard.press("Escape")
    assert not panel.is_visible(), "Escape closes nothing"
    button.focus()
    page.keyboard.press("Enter")
    assert panel.is_visible(), "Enter opens nothing"
    page.keyboard.press("Enter")
    assert not panel.is_visible(), "the button Close has not the focus"
    return n


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def check(browser, name, path, shots):
    troubles, requests = [], []
    context = browser.new_context(viewport={"width": 1200, "height": 900}, offline=True)
    page = context.new_page()
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(path.resolve().as_uri())
        page.screenshot(path=shots / f"{name}-{scheme}.png", full_page=True)
    dark = background(page)
    page.get_by_text("Light", exact=True).click()
    light = background(page)
    assert light != dark, "the theme does not change"
    page.get_by_text("Dark", exact=True).click()
    assert background(page) == dark
    page.get_by_text("Auto", exact=True).click()
    page.emulate_media(color_scheme="light")
    assert background(page) == light
    n_pictures = 0
    if page.locator(".matrix").count():
        n_pictures = look_behind(page)
        page.locator(".matrix button").first.click()
        page.screenshot(path=shots / f"{name}-behind.png")
        page.keyboard.press("Escape")
    assert overflow(page) <= 0, "the page scrolls sideways"
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) <= 0, "the page scrolls sideways on a phone"
    page.screenshot(path=shots / f"{name}-phone.png", full_page=True)
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")
    assert overflow(page) <= 0, "something is wider than the paper"
    page.screenshot(path=shots / f"{name}-print.png", full_page=True)
    pdf = page.pdf(path=shots / f"{name}.pdf", format="A4", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF") and len(pdf) > 10_000
    strangers = [url for url in requests if not url.startswith(("data:", path.resolve().as_uri()))]
    assert not strangers, strangers
    assert not troubles, troubles
    context.close()
    return n_pictures


def main():
    parser = argparse.ArgumentParser()
    for name in ("chromium", "textura", "work", "shots"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    args = parser.parse_args()
    reports = make(args.textura, args.work)
    n_pictures = 0
    with sync_playwright() as playwright:
        # As root, in a container, Chromium's sandbox does not start; the pages are our own.
        browser = playwright.chromium.launch(executable_path=args.chromium, args=["--no-sandbox"])
        for name, path in reports.items():
            n_pictures += check(browser, name, path, args.shots)
            print(f"{name}: {path.stat().st_size // 1024} KiB, all good")
        browser.close()
    assert n_pictures >= 3, n_pictures


main()
