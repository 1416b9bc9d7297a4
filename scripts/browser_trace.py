"""Opens the page of `textura trace` in Chromium: every number is that of the command, in both languages and themes, on a phone, by
keyboard alone; no request, no error."""

import argparse
import json
import subprocess
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

MAX_BYTES = 400_000
# The script of the page makes the step for other rates and momenta itself.
TOLERANCE = 1e-12
DEEP = {
    "hidden": [3, 2], "activation": "prelu", "norm": "batch", "residual": 1, "optimizer": "adam", "rate": 0.03,
    "label_smoothing": 0.1,
}


def textura(program, *words):
    run = subprocess.run([program, "trace", *map(str, words)], capture_output=True, text=True)
    assert run.returncode == 0, f"{words}: {run.returncode}\n{run.stderr}"
    return run.stdout


def flat(value):
    return [number for part in value for number in flat(part)] if isinstance(value, list) else [value]


def fields(text):
    """Numbers of a trace by field; settings left out."""
    settings = ("hidden", "labels", "classes", "rate", "momentum", "residual", "dropout", "init_scale", "label_smoothing",
                "weight_decay", "steps_before")
    trace = json.loads(text)
    return {name: flat(value) for name, value in trace.items() if name not in settings and not isinstance(value, str)}


def short(value):
    """A number as the page shows it."""
    if value != 0 and not 1e-3 <= abs(value) < 1e6:
        mantissa, exponent = f"{value:.3e}".split("e")
        return f"{mantissa}e{'-' if exponent[0] == '-' else '+'}{int(exponent[1:])}"
    text = f"{value:.5f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def shown(page):
    """Numbers of the tables by field, as the page has them and as it shows them."""
    cells = page.evaluate(
        "[...document.querySelectorAll('.all .num')].map(b => [b.dataset.field, Number(b.dataset.value), b.textContent])"
    )
    numbers, texts = {}, {}
    for field, value, text in cells:
        numbers.setdefault(field, []).append(value)
        texts.setdefault(field, []).append(text)
    return numbers, texts


def compare(page, expected, tolerance=0.0):
    numbers, texts = shown(page)
    assert numbers.keys() == expected.keys(), numbers.keys() ^ expected.keys()
    n = 0
    for field, values in expected.items():
        assert len(values) == len(numbers[field]), field
        for ours, theirs, text in zip(values, numbers[field], texts[field]):
            assert abs(ours - theirs) <= tolerance * (1 + abs(ours)), f"{field}: {ours} and {theirs}"
            if tolerance == 0.0:
                assert text == short(ours), f"{field}: {text} for {ours}"
            n += 1
    return n


def to(page, slider, at):
    page.evaluate(
        "([id, at]) => { const s = document.getElementById(id); s.value = at; s.dispatchEvent(new Event('input')); }",
        [slider, at],
    )


def sliders(page, program, work, source, mistakes):
    """Compares the numbers at every place of the sliders with the command's."""
    data = page.evaluate("({rates: DATA.rates, momenta: DATA.momenta, has: HAS_MOMENTUM})")
    trace = json.loads(textura(program, "--json", *source))
    n = 0
    for mistake in mistakes:
        page.select_option("#mistake", mistake and page.evaluate("name => String(DATA.runs.findIndex(r => r.mistake === name))", mistake) or "0")
        for rate_at, rate in enumerate(data["rates"]):
            to(page, "rate", rate_at)
            for momentum_at, momentum in enumerate(data["momenta"] if data["has"] else [trace["momentum"]]):
                if data["has"]:
                    to(page, "momentum", momentum_at)
                net = work / "moved.json"
                net.write_text(json.dumps({**trace, "rate": rate, "momentum": momentum}))
                words = ["--json", "--net", net, *(["--mistake", mistake] if mistake else [])]
                n += compare(page, fields(textura(program, *words)), TOLERANCE)
    return n


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def press(page, key, times=1):
    for _ in range(times):
        page.keyboard.press(key)


def focused(page, name):
    return page.evaluate("name => document.activeElement.getAttribute(name)", name)


def tab_to(page, name, value=None):
    for _ in range(400):
        press(page, "Tab")
        found = focused(page, name)
        if found is not None and (value is None or found == value):
            return
    raise AssertionError(f"the keyboard does not reach {name} {value}")


def by_keyboard(page):
    """A mistake, a step, a unit, a connection and a number of a formula, without a mouse."""
    tab_to(page, "id", "mistake")
    press(page, "ArrowDown")
    assert page.locator(".verdict code").count() == 2, "the arrow chooses no mistake"
    assert focused(page, "id") == "mistake", "the focus is lost"
    tab_to(page, "id", "rate")
    before = page.locator("#rate").input_value()
    press(page, "ArrowRight")
    assert page.locator("#rate").input_value() != before
    press(page, "ArrowLeft")
    tab_to(page, "id", "next")
    press(page, "Enter", 3)
    assert page.evaluate("state.step") == 3, page.evaluate("state.step")
    for name in ("data-edge", "data-unit"):
        tab_to(page, name)
        press(page, "Enter")
        assert page.locator(".number .pick").count() == 1, name
    press(page, "Shift+Tab")
    tab_to(page, "data-field")
    field = focused(page, "data-field")
    press(page, "Enter")
    assert page.evaluate("state.pick.name") == field


def steps(page):
    """Goes through all steps forward and back."""
    page.click("#forward")
    n = page.evaluate("steps.length")
    for at in range(1, n):
        page.click("#next")
        assert page.evaluate("state.step") == at
    assert page.locator("#next").is_disabled()
    for _ in range(1, n):
        page.click("#back")
    assert page.locator("#back").is_disabled()
    return n


def formulas(page):
    """Opens every number; a formula has no name left in it that should be a number."""
    n = page.evaluate(
        """() => {
            let n = 0;
            for (const [name, field] of fields) for (let at = 0; at < field.values.length; at++) {
                state.pick = { name, row: Math.floor(at / columns(field)), column: at % columns(field) };
                const text = number().textContent;
                if (/[{}]|undefined|NaN/.test(text)) throw new Error(name + ': ' + text);
                n += 1;
            }
            return n;
        }"""
    )
    return n


def look(browser, page_file, expected, locale, scheme, width, shots):
    troubles, requests = [], []
    context = browser.new_context(
        viewport={"width": width, "height": 900}, offline=True, locale=locale, color_scheme=scheme
    )
    page = context.new_page()
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(page_file.resolve().as_uri())
    assert page.evaluate("document.documentElement.lang") == locale[:2]
    n = compare(page, expected)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(255, 255, 255)") == (scheme == "light"), background
    assert overflow(page) <= 0, "the page scrolls sideways"
    assert steps(page) > 10
    assert formulas(page) == n
    by_keyboard(page)
    for at in range(page.evaluate("DATA.runs.length")):
        page.select_option("#mistake", str(at))
        assert overflow(page) <= 0, "the page scrolls sideways with a mistake"
        assert at == 0 or page.locator(".verdict .changed, .verdict .num, .verdict p").count() > 0
    page.select_option("#mistake", "3")
    page.click("#backward")
    page.screenshot(path=shots / f"{page_file.stem}-{locale}-{scheme}-{width}.png")
    page.click("#language")
    assert page.evaluate("document.documentElement.lang") != locale[:2], "the language does not change"
    assert requests == [page_file.resolve().as_uri()], requests
    assert not troubles, troubles
    context.close()
    return n


def main():
    parser = argparse.ArgumentParser()
    for name in ("chromium", "textura", "work", "shots"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    args = parser.parse_args()
    deep = args.work / "deep.json"
    deep.write_text(json.dumps(DEEP))
    pages = {"trace": [], "trace-deep": ["--net", deep]}
    with sync_playwright() as playwright:
        # As root, in a container, Chromium's sandbox does not start; the page is our own.
        browser = playwright.chromium.launch(executable_path=args.chromium, args=["--no-sandbox"])
        for name, source in pages.items():
            path = args.work / f"{name}.html"
            textura(args.textura, "-o", path, *source)
            assert path.stat().st_size < MAX_BYTES, path.stat().st_size
            expected, n = fields(textura(args.textura, "--json", *source)), 0
            for at, (locale, scheme, width) in enumerate(product(("en-GB", "zh-CN"), ("light", "dark"), (1200, 390))):
                # The large page is drawn anew 300 times each.
                if name == "trace" or at in (0, 7):
                    n += look(browser, path, expected, locale, scheme, width, args.shots)
            page = browser.new_page()
            page.goto(path.resolve().as_uri())
            mistakes = page.evaluate("DATA.runs.map(run => run.mistake)")
            assert len(mistakes) == 13, mistakes
            few = mistakes if name == "trace" else [None, "wrong-sign"]
            n_moved = sliders(page, args.textura, args.work, source, few)
            print(f"{name}: {path.stat().st_size // 1000} kB, {n} numbers as the command's, {n_moved} at other places of the sliders")
        browser.close()


main()
