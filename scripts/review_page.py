"""The server of `textura review` and its page, as the checks of the page use them."""

import csv
import json
import signal
import subprocess
import urllib.request
from pathlib import Path


class Server:
    """`textura review`, and what its API says."""

    def __init__(self, program, source, labels, work):
        words = [program, "review", source, "--labels", labels, "--no-open", "--port", "0"]
        self.process = subprocess.Popen([str(word) for word in words], cwd=work, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:") and "token=" in self.url, self.url
        self.origin, self.token = self.url.split("/?token=")

    def ask(self, path):
        request = urllib.request.Request(self.origin + path, headers={"X-Textura-Token": self.token})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def labels(self):
        """The labels by the name of the file; None stands for `none of these`."""
        labels = {id: label for id, label in self.ask("/api/state?changes=0&learned=0")["labels"] if label is not None}
        if not labels:
            return {}
        pictures = self.ask("/api/pictures?ids=" + ",".join(map(str, labels)))
        return {Path(picture["path"]).name: labels[picture["id"]] or None for picture in pictures}

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=30)


class Watch:
    """Collects what a page must not do; `allowed` are parts of messages that a test brings about itself."""

    def __init__(self, page, origin):
        self.troubles, self.strangers, self.allowed, self.origin = [], [], [], origin
        self.n_requests = 0
        page.on("console", self.message)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("dialog", lambda dialog: (self.troubles.append(dialog.message), dialog.dismiss()))
        page.on("request", self.request)

    def message(self, message):
        text = f"{message.text} {message.location.get('url', '')}"
        # The thumbnail of the file that is no picture.
        if not ("404" in text and "/thumb" in text) and not any(part in text for part in self.allowed):
            self.troubles.append(text)

    def request(self, request):
        self.n_requests += 1
        if not request.url.startswith(self.origin + "/"):
            self.strangers.append(request.url)

    def check(self):
        assert self.n_requests > 10, self.n_requests
        assert not self.strangers, self.strangers
        assert not self.troubles, self.troubles


def open_page(browser, server, scheme="light"):
    page = browser.new_context(viewport={"width": 1360, "height": 860}, color_scheme=scheme).new_page()
    watch = Watch(page, server.origin)
    page.goto(server.url)
    page.wait_for_selector(".cell img")
    page.wait_for_selector("#cells:focus")
    return page, watch


def wait(what, page, check, seconds=60):
    for _ in range(seconds * 10):
        value = check()
        if value:
            return value
        page.wait_for_timeout(100)
    raise AssertionError(f"waited in vain: {what}")


def name_of(cell):
    return (cell.get_attribute("title") or "").split("\n")[0].rsplit("/", 1)[-1]


def show(page, order):
    page.locator(f"[data-by={order}]").click()
    page.wait_for_selector(f"[data-by={order}][aria-pressed=true]")
    # An order has come when no sorting is under way and the names of the visible pictures are known.
    wait(f"order {order}", page, lambda: "Sorting" not in page.locator("#sentence").inner_text())
    wait(f"names of {order}", page, lambda: page.locator(".cell:not([title]),.cell[title='']").count() == 0)


def visible(page, truth):
    """The cells that are in view, by name."""
    box = page.locator("#scroller").bounding_box()
    cells = {}
    for cell in page.locator(".cell").all():
        own = cell.bounding_box()
        if own and own["y"] >= box["y"] - 2 and own["y"] + own["height"] <= box["y"] + box["height"] + 2 and name_of(cell) in truth:
            cells[name_of(cell)] = cell
    assert len(cells) > 8, len(cells)
    return cells


def key_of(page, name):
    for row in page.locator("#class-list li").all():
        if row.locator(".class bdi").count() and row.locator(".class bdi").inner_text() == name:
            return row.locator(".chip").inner_text()
    raise AssertionError(f"no class {name}")


def chosen(page):
    cells = page.locator(".cell[aria-selected=true]")
    assert cells.count() == 1, cells.count()
    return name_of(cells.first)


def saved(page):
    """Waits until the server has acknowledged everything."""
    wait("acknowledged", page, lambda: page.evaluate("queue.length === 0 && !isSending"))
    page.wait_for_timeout(150)


def go_to(page, name):
    """Selects a picture of this view by its name."""
    page.locator("#cells").focus()
    page.keyboard.press("Home")
    for _ in range(400):
        if page.locator(".cell[aria-selected=true]").count() == 1 and wait("a name", page, lambda: chosen(page)) == name:
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"{name} is not in this view")


def labels_of_journal(path):
    """The labels that follow from the journal alone, by the name of the file; None for a picture of none of the classes."""
    labels = {}
    for line in path.read_text().splitlines():
        for picture, _, label in json.loads(line).get("set", []):
            if label is None:
                labels.pop(Path(picture).name, None)
            else:
                labels[Path(picture).name] = label or None
    return labels


def labels_of_table(path):
    with path.open(newline="") as file:
        return {Path(row["path"]).name: row["label"] for row in csv.DictReader(file) if row["label"]}
