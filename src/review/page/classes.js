/* The classes at the side: label the selection, see a class, rename it, name a new one. */
let renaming = null;

/* A field for the name of a class; Enter gives the class to what is meant. */
function nameField(id, done) {
  const input = make("input", { id, type: "text", autocomplete: "off", spellcheck: "false", maxlength: 200, placeholder: "New class", list: "names", "aria-label": "Name of a class for the selection" });
  const give = () => {
    const name = input.value.trim();
    if (!name) { input.focus(); return; }
    if (!subject().length) { toast("Nothing is selected. Click a picture first."); return; }
    input.value = "";
    done();
    act(name);
  };
  input.addEventListener("keydown", event => {
    if (event.isComposing) return;
    if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); give(); }
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); input.value = ""; done(); }
  });
  return make("div", { class: "new" }, input, button(["Label ", kbd("Enter")], give, { title: "Label the selection with this name. A name that begins with a digit: press + first" }));
}
function askName(text) {
  const input = page(page("look").open ? "look-name" : "name");
  if (!input) { toast(start.kind === "good" ? "Pictures are good or a defect here: press 1 or 2." : ""); return; }
  input.value = text;
  input.focus();
  input.setSelectionRange(text.length, text.length);
}

function renameRow(name) {
  const input = make("input", { type: "text", value: name, maxlength: 200, autocomplete: "off", "aria-label": `New name of ${name}` });
  const note = make("small", { role: "status" }, "Enter saves, Esc leaves it.");
  let merges = "";
  const done = () => { renaming = null; drawClasses(); backToPictures(); };
  input.addEventListener("keydown", async event => {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); done(); }
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    const to = input.value.trim();
    if (!to || to === name) { done(); return; }
    if (classNames().includes(to) && merges !== to) { merges = to; note.replaceChildren(make("bdi", {}, to), " exists: Enter again makes one class of both."); return; }
    const shown = order.by === "class" && order.class === name;
    done();
    if (await rename(name, to) && shown) show("class", { className: to });
  });
  queueMicrotask(() => { input.focus(); input.select(); });
  return make("li", { class: "renaming", "data-name": name }, input, note);
}

function classRow(name, n) {
  if (name === renaming) return renameRow(name);
  const key = keyOf(name);
  return make("li", { "--class": colour(name) },
    button([make("b", { class: "chip" }, key), make("bdi", {}, name), make("span", { class: "n" }, n.toLocaleString("en"))], () => act(name),
      { class: "class", title: `Label the selection: ${name}`, "aria-label": `Label the selection ${name}, key ${key || "none"}; ${count(n, "picture")}` }),
    n ? button("Show", event => { show("class", { className: name }); }, { class: "small", "aria-label": `Show ${name}`, title: "Show what has this label, and what is predicted so" })
      : start.kind === "good" ? null : button("×", () => change("/api/forget", { class: name }).catch(() => {}), { class: "small", "aria-label": `Remove the class ${name}`, title: "Remove this class: it has no picture" }),
    start.kind === "good" ? null : button("✎", () => { renaming = name; drawClasses(); }, { class: "small", "aria-label": `Rename ${name}`, title: "Rename" }));
}

function drawClasses() {
  const box = page("classes"), names = classNames(), n = new Map(now.classes.map(own => [own.name, own.n]));
  if (renaming !== null && box.querySelector(".renaming")?.dataset.name === renaming) return;
  if (!box.firstChild) {
    box.append(make("h2", {}, "Classes"), make("ul", { id: "class-list" }), start.kind === "good" ? "" : nameField("name", backToPictures), make("datalist", { id: "names" }));
  }
  const had = box.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label")?.replace(/;.*/, "") : null;
  const none = make("li", {}, button([make("b", { class: "chip" }, "0"), make("span", {}, "none of these"), make("span", { class: "n" }, now.none.toLocaleString("en"))], () => act(false),
    { class: "class none", title: "Label the selection: not a picture of anything here" }));
  fill(page("class-list"), ...names.map(name => classRow(name, n.get(name) ?? 0)), none);
  fill(page("names"), ...names.map(name => make("option", { value: name })));
  if (had && document.activeElement === document.body) [...box.querySelectorAll("[aria-label]")].find(own => own.getAttribute("aria-label").replace(/;.*/, "") === had)?.focus();
}
on("state", drawClasses);
on("labels", ids => { if (!ids) drawClasses(); });
