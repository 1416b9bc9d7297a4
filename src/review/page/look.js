/* A closer look at one picture: large, its map, the probabilities, and the labelled pictures that look most alike. */
const look = { id: 0, isMap: false, about: null, turn: 0 };

async function openLook(id) {
  const dialog = page("look"), at = indexOf(id);
  look.id = id;
  look.about = null;
  if (at >= 0) { selectOnly(at); scrollToIndex(at); }
  if (!dialog.open) { drawLook(); dialog.showModal(); } else drawLook();
  readLook();
}
async function readLook() {
  const id = look.id, turn = look.turn += 1;
  try {
    const about = await ask(`/api/picture?id=${id}`);
    if (turn !== look.turn || id !== look.id) return;
    look.about = about;
    infos.set(id, { ...about, learned: now.learned });
    if (page("look").open) drawLook();
  } catch (error) { if (turn === look.turn) toast(error.message, true); }
}

function neighbour(by) {
  const at = indexOf(look.id) + by;
  if (at < 0 || at >= order.ids.length) { toast(by < 0 ? "This is the first one." : "This is the last one."); return; }
  openLook(order.ids[at]);
}
function movedLook(event) {
  if (["ArrowLeft", "ArrowUp", "PageUp"].includes(event.key)) neighbour(-1);
  else if (["ArrowRight", "ArrowDown", "PageDown"].includes(event.key)) neighbour(1);
  else return false;
  return true;
}
function toggleMap() {
  if (look.about && !look.about.map) { toast("There is no map of this picture yet."); return; }
  look.isMap = !look.isMap;
  drawLook();
}

/* An image that says that it is coming, and that it did not come. */
function largeImage(path, id, alt, note) {
  const status = make("span", { class: "coming", role: "status" }, note);
  const image = make("img", { src: address(path, id), alt, onload: () => status.remove(), onerror: () => { status.textContent = isLost ? "The server does not answer." : "It could not be shown."; image.remove(); } });
  return make("figure", { "data-src": `${path} ${id}` }, image, status, path === "/map" ? make("figcaption", { class: "quiet" }, alt) : null);
}
/* Images that are there already stay, so that nothing flickers. */
function largeImages(box) {
  const wanted = [["/picture", look.about?.path || "the picture", "Loading …"]];
  if (look.isMap && look.about?.map !== false) wanted.push(["/map", start.kind === "good" ? "Where it is odd: yellow most." : "Where it looks like the predicted class: yellow most, blue least.", "Making the map …"]);
  const had = new Map([...box.children].map(own => [own.dataset.src, own]));
  const own = wanted.map(([path, alt, note]) => had.get(`${path} ${look.id}`) || largeImage(path, look.id, alt, note));
  if (own.length !== box.children.length || own.some((figure, at) => figure !== box.children[at])) box.replaceChildren(...own);
  box.className = own.length > 1 ? "images both" : "images";
}

function tagOf(label, guess, share) {
  const name = label === false ? "none of these" : label ?? guess;
  if (!name) return make("span", { class: "tag empty" }, "no label");
  return make("span", { class: `tag ${label === false ? "none" : label !== null ? "label" : "guess"}`, "--class": label === false ? "transparent" : colour(name) }, make("b", {}, label === false ? "0" : keyOf(name)), make("bdi", {}, name), share === undefined ? null : make("i", {}, percent(share)));
}

function bars(probabilities) {
  return make("ul", { class: "bars" }, ...probabilities.slice(0, 8).map(([name, share]) => {
    const bar = make("i", { class: "fill" });
    bar.style.width = `${100 * share}%`;
    return make("li", { "--class": colour(name) }, button([make("b", { class: "chip" }, keyOf(name)), make("bdi", {}, name), make("span", { class: "bar" }, bar), make("span", { class: "n" }, percent(share))], () => act(name), { title: `Label it ${name}`, "aria-label": `Label it ${name}: ${percent(share)}` }));
  }));
}

function aboutPicture() {
  const own = look.about, label = labelOf(look.id), parts = [];
  if (!own) return [make("p", { class: "quiet" }, "Reading …")];
  if (own.error) parts.push(make("p", { class: "verdict bad" }, own.error));
  if (own.out_of_fold && label && own.out_of_fold[0] !== label) {
    parts.push(make("div", { class: "verdict bad" }, make("p", {}, "Likely wrong: trained without this label, the model says ", make("b", {}, make("bdi", {}, own.out_of_fold[0])), ` (${percent(own.out_of_fold[1])}), not `, make("b", {}, make("bdi", {}, label)), "."),
      button(["Make it ", make("bdi", {}, own.out_of_fold[0])], () => act(own.out_of_fold[0]))));
  }
  if (own.probabilities?.length) parts.push(make("h3", {}, "What the model thinks"), bars(own.probabilities));
  else if (!own.error && start.kind !== "good") parts.push(make("p", { class: "quiet" }, "The model has not learned yet."));
  if (typeof own.familiarity === "number") parts.push(make("p", {}, make("b", {}, `Familiarity ${percent(own.familiarity)}`), make("span", { class: "quiet" }, own.familiarity < 0.05 ? " It looks like nothing labelled so far." : " How much it looks like the pictures whose class is known: near 0 % like none of them.")));
  if (typeof own.anomaly_score === "number") parts.push(make("p", {}, make("b", {}, `Oddness ${own.anomaly_score.toFixed(2)}`), make("span", { class: "quiet" }, " More is odder.")));
  if (own.nearest?.length) {
    parts.push(make("h3", {}, "Labelled pictures that look most alike"), make("ul", { class: "nearest" }, ...own.nearest.slice(0, 6).map(near => make("li", {},
      button([make("img", { src: address("/thumb", near.id), alt: "", width: 84, height: 84 }), tagOf(labelOf(near.id) ?? near.label)], () => openLook(near.id), { title: `distance ${near.distance.toFixed(2)}; look at it`, "aria-label": `Labelled ${near.label}; look at it` })))));
  }
  return parts;
}

function drawLook() {
  const dialog = page("look"), info = look.about || infos.get(look.id), label = labelOf(look.id), at = indexOf(look.id), had = document.activeElement?.id;
  if (!dialog.firstChild) {
    dialog.append(make("header", {}, make("h2", { id: "look-title" }), make("span", { id: "look-place" }),
      button(["◀", make("span", { class: "word" }, " Back")], () => neighbour(-1), { id: "look-back", "aria-label": "Previous picture" }), button([make("span", { class: "word" }, "Next "), "▶"], () => neighbour(1), { id: "look-next", "aria-label": "Next picture" }),
      button(["Map ", kbd("Space")], toggleMap, { id: "look-map", title: "Where in the picture the prediction comes from" }), button(["Close ", kbd("Esc")], () => dialog.close(), { id: "look-close" })),
      make("div", { class: "both-sides" }, make("div", { id: "look-images", tabindex: -1, autofocus: true }), make("div", { id: "look-side" }, make("p", { id: "look-label" }), make("ul", { id: "look-classes" }),
        start.kind === "good" ? "" : nameField("look-name", backToPictures),
        make("p", { class: "acts" }, button(["Agree ", kbd("Shift+Enter")], agreeAll, { id: "look-agree" }), button(["None of these ", kbd("0")], () => act(false), { id: "look-none" }), button(["Remove label ", kbd("Del")], () => act(null), { id: "look-unlabel" }), button(["Skip ", kbd(".")], skip, { id: "look-skip" })),
        make("div", { id: "look-about" }))));
  }
  fill(page("look-title"), make("bdi", {}, info?.path || `picture ${look.id}`));
  page("look-place").textContent = [look.about?.width ? `${look.about.width} × ${look.about.height}` : "", at < 0 ? "" : `${(at + 1).toLocaleString("en")} of ${order.ids.length.toLocaleString("en")}`].filter(Boolean).join(" · ");
  page("look-map").setAttribute("aria-pressed", String(look.isMap));
  page("look-map").disabled = Boolean(look.about && !look.about.map);
  fill(page("look-label"), "Label: ", tagOf(label, null), label === null && info?.predicted ? " Prediction: " : "", label === null && info?.predicted ? tagOf(null, info.predicted, info.probability) : "", unsaved.has(look.id) && isLost ? " not saved yet" : "");
  fill(page("look-classes"), ...classNames().map(name => make("li", { "--class": colour(name) }, button([make("b", { class: "chip" }, keyOf(name)), make("bdi", {}, name)], () => act(name), { id: `look-class-${classNames().indexOf(name)}`, "aria-pressed": String(name === label), title: `Label it ${name}` }))));
  page("look-agree").disabled = !info?.predicted;
  page("look-unlabel").disabled = label === null;
  fill(page("look-about"), ...aboutPicture());
  largeImages(page("look-images"));
  if (had && !page(had)?.contains(document.activeElement)) page(had)?.focus();
}
page("look").addEventListener("close", () => { look.turn += 1; backToPictures(); });
on("labels", () => { if (page("look").open) drawLook(); });
on("lost", () => { if (page("look").open) drawLook(); });
on("learned", () => { if (page("look").open) readLook(); });
