"""Labels a folder in Chromium with `textura review`, as a user would; ends with an error where something is wrong."""

import argparse
import json
import random
import shutil
import subprocess
import time
from pathlib import Path

from playwright.sync_api import sync_playwright
from review_page import (
    Server, chosen, go_to, key_of, labels_of_journal, labels_of_table, name_of, open_page, saved, show, visible, wait,
)

FIXTURES = Path("fixtures/textures")
ODD = "<img src=x onerror=alert(1)> \"b'c&d"
BROKEN = "broken.png"
# The class that is found last.
LATE = "dots"
LABELLED_FIRST = 4


def make(work):
    """A flat folder whose names tell nothing, and pictures of every class kept back; gives the truth by name."""
    surfaces, held = work / "surfaces", work / "held"
    surfaces.mkdir()
    pictures, truth = [], {}
    for folder in sorted(FIXTURES.iterdir()):
        own = sorted(folder.iterdir())
        for at, picture in enumerate(own):
            if at % 3 == 2:
                target = held / folder.name
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy(picture, target / f"{len(list(target.iterdir()))}.png")
            else:
                pictures.append((picture, folder.name))
    random.Random(7).shuffle(pictures)
    for at, (picture, name) in enumerate(pictures):
        target = f"{ODD}.png" if at == 5 else f"s_{at:03}.png"
        shutil.copy(picture, surfaces / target)
        truth[target] = name
    (surfaces / BROKEN).write_text("no picture")
    assert len(truth) > 100 and len(set(truth.values())) == 8, len(truth)
    return surfaces, held, truth


def label_first(page, truth):
    """New classes by typing their names, more of them by their keys, by mouse and in whole frames."""
    show(page, "path")
    known, n = {}, 0
    at = 0
    while len(known) < 7 or min(known.values()) < LABELLED_FIRST:
        assert at < len(truth), known
        name = chosen(page) if at else None
        page.keyboard.press("ArrowRight" if at else "ArrowLeft")
        if not at:
            page.keyboard.press("Home")
        at += 1
        name = wait("a name", page, lambda: chosen(page))
        own = truth.get(name)
        if own is None or own == LATE or known.get(own, 0) >= LABELLED_FIRST:
            continue
        if own not in known:
            page.keyboard.type(own)
            page.keyboard.press("Enter")
            wait(own, page, lambda: page.get_by_label(f"Show {own}", exact=True).count())
        elif known[own] % 2:
            page.keyboard.press(key_of(page, own))
        else:
            page.locator("#class-list .class", has=page.get_by_text(own, exact=True)).click()
        known[own] = known.get(own, 0) + 1
        n += 1
    saved(page)
    return n


def look_at_predictions(page, truth):
    """Waits for the model, then compares what it says of unlabelled pictures."""
    wait("learned", page, lambda: page.evaluate("now.learned") > 0 and not page.evaluate("now.learning?.busy"))
    show(page, "random")
    wait("predictions", page, lambda: page.locator(".tag.guess").count() > 8)
    right = wrong = 0
    for name, cell in visible(page, truth).items():
        if truth[name] == LATE or not cell.locator(".tag.guess").count():
            continue
        if cell.locator(".tag bdi").inner_text() == truth[name]:
            right += 1
        else:
            wrong += 1
    assert right >= 8 and wrong <= right / 4, (right, wrong)
    return right, wrong


def answer(page, truth, order, n):
    """One key a picture; the next picture without a label is selected by itself."""
    show(page, order)
    answered = set()
    for _ in range(n):
        name = chosen(page)
        assert name in truth and name not in answered, name
        own = truth[name]
        answered.add(name)
        if page.get_by_label(f"Show {own}", exact=True).count():
            page.keyboard.press(key_of(page, own))
        else:
            page.keyboard.press("+")
            page.keyboard.type(own)
            page.keyboard.press("Enter")
            page.wait_for_selector("#cells:focus")
        wait("the next picture", page, lambda: page.locator(".cell[aria-selected=true]").count() == 1 and chosen(page) not in answered | {""})
    saved(page)
    return answered


def correct(page, server, truth):
    """One label is wrong and is found again; another is wrong and is undone."""
    labels = server.labels()
    victim = next(name for name in sorted(labels) if labels[name] == "brick")
    show(page, "path")
    go_to(page, victim)
    page.keyboard.press(key_of(page, "clouds"))
    saved(page)
    assert server.labels()[victim] == "clouds"
    before = page.evaluate("now.learned")
    wait("learned anew", page, lambda: page.evaluate("now.learned") > before and not page.evaluate("now.learning?.busy"))
    show(page, "suspects")
    assert victim in [name_of(cell) for cell in page.locator(".cell").all()][:10], "the wrong label is not found"
    go_to(page, victim)
    page.keyboard.press("Enter")
    page.wait_for_selector("#look[open] .verdict.bad")
    shown = "[...document.querySelectorAll('#look-images img')].filter(image => image.naturalWidth > 0).length"
    wait("the large picture", page, lambda: page.evaluate(shown) == 1)
    page.keyboard.press("Space")
    wait("the map", page, lambda: page.evaluate(shown) == 2)
    page.keyboard.press(key_of(page, truth[victim]))
    page.keyboard.press("Escape")
    saved(page)
    assert server.labels()[victim] == truth[victim]
    show(page, "path")
    go_to(page, victim)
    page.keyboard.press("Delete")
    saved(page)
    assert victim not in server.labels()
    page.keyboard.press("Control+z")
    saved(page)
    assert server.labels()[victim] == truth[victim]
    page.keyboard.press("Control+y")
    saved(page)
    assert victim not in server.labels()
    page.keyboard.press("Control+z")
    saved(page)


def odd_names(page, server, truth):
    """Names with markup are text: of a file and of a class."""
    name = f"{ODD}.png"
    show(page, "path")
    go_to(page, name)
    before = server.labels().get(name)
    page.keyboard.press("+")
    page.keyboard.type(ODD)
    page.keyboard.press("Enter")
    saved(page)
    assert server.labels()[name] == ODD
    cell = page.locator(".cell[aria-selected=true]")
    assert cell.locator(".tag bdi").inner_text() == ODD
    assert cell.locator(".path").inner_text() == name
    page.keyboard.press("Enter")
    page.wait_for_selector("#look[open]")
    assert name in page.locator("#look-title").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    saved(page)
    assert server.labels().get(name) == before
    assert page.locator("img[src=x]").count() == 0


def two_pages(browser, page, server, truth):
    other, watch = open_page(browser, server)
    show(other, "path")
    show(page, "path")
    labels = server.labels()
    name = next(name for name in sorted(truth) if name not in labels and name.startswith("s_"))
    go_to(other, name)
    other.keyboard.press(key_of(other, truth[name]))
    go_to(page, name)
    wait("the other page's label", page, lambda: page.locator(".cell[aria-selected=true] .tag.label").count() == 1, 10)
    page.keyboard.press("Control+z")
    wait("undone in both", other, lambda: other.locator(".cell[aria-selected=true] .tag.label").count() == 0, 10)
    watch.check()
    other.context.close()


def kill(page, watch, server, truth):
    """The server ends in the middle: the page says so, and shows what is not saved. Gives what was acknowledged."""
    show(page, "path")
    saved(page)
    labels = server.labels()
    name = next(name for name in sorted(truth) if name not in labels and name.startswith("s_"))
    go_to(page, name)
    page.keyboard.press(key_of(page, truth[name]))
    saved(page)
    acknowledged = server.labels()
    assert acknowledged[name] == truth[name]
    watch.allowed = ["ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "ERR_SOCKET"]
    server.kill()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("1")
    page.wait_for_selector(".banner.bad")
    wait("not saved", page, lambda: page.locator(".cell.unsaved").count() == 1)
    return acknowledged


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def screenshots(page, shots):
    show(page, "likeness")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(400)
        page.screenshot(path=shots / f"review-{scheme}.png")
    page.emulate_media(color_scheme="light")
    page.locator("#open-matrix").click()
    page.wait_for_selector("#matrix td button")
    page.screenshot(path=shots / "review-matrix.png")
    page.locator("#matrix td.right button").first.click()
    page.wait_for_selector("[data-by=cell][aria-pressed=true]")
    wait("pictures of a cell", page, lambda: page.locator(".cell").count() > 0)
    page.locator("#cells").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    page.screenshot(path=shots / "review-look.png")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    page.screenshot(path=shots / "review-keys.png")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 400, "height": 800})
    page.wait_for_timeout(400)
    assert overflow(page) <= 0, "the page scrolls sideways on a phone"
    assert page.locator("#actions").bounding_box()["y"] < 800
    page.screenshot(path=shots / "review-phone.png")
    page.set_viewport_size({"width": 1360, "height": 860})


def train(page, program, server, held, work):
    page.locator("#train").click()
    wait("trained", page, lambda: page.locator(".trained.done,.trained.failed").count(), 600)
    assert page.locator(".trained.done").count(), page.locator(".trained").inner_text()
    words = server.ask("/api/start")["train_command"].split()
    model = work / words[words.index("--model") + 1]
    run = subprocess.run([str(program), "evaluate", str(model), str(held), "--json"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    result = json.loads(run.stdout)
    assert result["images"] >= 40 and result["accuracy"] == 1.0, result
    return result["images"]


def review(browser, program, source, held, truth, work, shots):
    """Labels the folder, with a server that is killed in the middle; gives what was seen."""
    labels = work / "labels.csv"
    server = Server(program, source, labels, work)
    try:
        page, watch = open_page(browser, server)
        page.screenshot(path=shots / "review-start.png")
        n = label_first(page, truth)
        right, wrong = look_at_predictions(page, truth)
        n += len(answer(page, truth, "mixed", 12))
        acknowledged = kill(page, watch, server, truth)
        watch.check()
        page.context.close()
        server = Server(program, source, labels, work)
        assert server.labels() == acknowledged, "a label that was acknowledged is lost"
        page, watch = open_page(browser, server)
        wait("learned again", page, lambda: page.evaluate("now.learned") > 0)
        n += len(answer(page, truth, "unlike", 16))
        correct(page, server, truth)
        odd_names(page, server, truth)
        two_pages(browser, page, server, truth)
        n += len(answer(page, truth, "mixed", 12))
        answered = server.labels()
        assert set(answered.values()) == set(truth.values()), set(answered.values())
        assert all(truth[name] == label for name, label in answered.items())
        screenshots(page, shots)
        n_held = train(page, program, server, held, work)
        watch.check()
    finally:
        server.end()
    assert labels_of_table(labels) == answered, "labels.csv has other labels than the page"
    journal = labels_of_journal(Path(f"{labels}.journal"))
    assert journal is None or journal == answered, "the journal gives other labels than labels.csv"
    return n, right, right + wrong, n_held


def main():
    parser = argparse.ArgumentParser()
    for name in ("chromium", "textura", "work", "shots"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    args = parser.parse_args()
    work = (args.work / "review").resolve()
    work.mkdir(parents=True)
    source, held, truth = make(work)
    began = time.monotonic()
    with sync_playwright() as playwright:
        # As root, in a container, Chromium's sandbox does not start; the pages are our own.
        browser = playwright.chromium.launch(executable_path=args.chromium, args=["--no-sandbox"])
        n, right, all_seen, n_held = review(browser, args.textura.resolve(), source, held, truth, work, args.shots)
        browser.close()
    print(
        f"review: {n} pictures labelled, {right} of {all_seen} predictions right, "
        f"{n_held} pictures kept back all right, {time.monotonic() - began:.0f} s, all good"
    )


main()
