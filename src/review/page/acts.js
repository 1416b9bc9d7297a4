/* What can be done with pictures: each act has a key and a button. */

/* The pictures that an act is about: the one looked at, or the selection. */
const subject = () => (page("look").open ? [look.id] : selected());

function act(value) {
  const ids = subject();
  // "Sandpaper" is meant as the "sandpaper" that is there.
  if (typeof value === "string") value = classNames().find(name => name.toLowerCase() === value.toLowerCase()) ?? value;
  if (!setLabel(ids, value)) return;
  for (const id of ids) skipped.delete(id);
  goOn(ids, value === null);
}
function goOn(ids, isStaying = false) {
  const isStep = !isStaying && stepsOn() && ids.some(id => indexOf(id) >= 0);
  if (isStep) advance(ids);
  if (!page("look").open) return;
  if (isStep && order.ids[choice.cursor] !== look.id) openLook(order.ids[choice.cursor]);
  else drawLook();
}
function actByKey(at) {
  const names = classNames();
  if (at < names.length) { act(names[at]); return; }
  toast(names.length ? `No class has the key ${KEYS[at]}. Press + and type a name for a new class.` : "There is no class yet. Type a name for the selection.");
}
function skip() {
  const ids = subject();
  if (!ids.length) { toast("Nothing is selected. Click a picture first."); return; }
  for (const id of ids) skipped.add(id);
  change("/api/skip", { ids }, true).catch(() => {});
  toast(asks() ? `${count(ids.length, "picture")} skipped: asked again last.` : stepsOn() ? `${count(ids.length, "label")} kept.` : `${count(ids.length, "picture")} passed over.`);
  if (!stepsOn()) { selectOnly(choice.cursor + 1); scrollToIndex(choice.cursor); }
  goOn(ids);
}
/* Takes what the model predicts as the label. */
function agree() {
  const groups = new Map();
  for (const id of subject()) {
    const predicted = infos.get(id)?.predicted;
    if (!predicted) continue;
    if (!groups.has(predicted)) groups.set(predicted, []);
    groups.get(predicted).push(id);
  }
  if (!groups.size) { toast("The model has no prediction for this selection."); return; }
  const ids = [...groups.values()].flat();
  for (const [name, own] of groups) setLabel(own, name);
  toast(`${count(ids.length, "picture")}: as the model predicts`);
  goOn(ids);
}
/* Predictions of pictures that were never in view are read first. */
async function agreeAll() {
  const missing = subject().filter(id => infos.get(id)?.learned !== now.learned);
  try {
    for (let at = 0; at < missing.length; at += 500) {
      const learned = now.learned;
      for (const info of await ask(`/api/pictures?ids=${missing.slice(at, at + 500).join()}`)) infos.set(info.id, { ...info, learned });
    }
    agree();
  } catch (error) { toast(error.message, true); }
}

function drawActions() {
  const n = selection.size, bar = page("actions");
  if (!bar.firstChild) {
    const item = (id, text, key, run, title) => button([text, " ", kbd(key)], () => run(event), { id, title });
    bar.append(make("output", { id: "n-selected" }), make("span", { class: "acts" },
      item("agree", "Agree", "Shift+Enter", agreeAll, "Take the model's prediction as the label"),
      item("none", "None of these", "0", () => act(false), "Not a picture of anything here"),
      item("unlabel", "Remove label", "Del", () => act(null), "Take the label away"),
      item("skip", "Skip", ".", skip, "Ask again last"),
      item("open-look", "Look", "Enter", () => openLook(order.ids[choice.cursor]), "The picture large, and why the model predicts what it does"),
      button("Deselect", selectNone, { id: "deselect", title: "Esc" }), button("Select all", selectAll, { id: "all", title: "Ctrl+A: all of this view" })),
      make("span", { class: "sizes" },
        button("−", () => setSize(view.size - 1), { id: "smaller", "aria-label": "Smaller pictures", title: "Smaller pictures" }),
        button("+", () => setSize(view.size + 1), { id: "larger", "aria-label": "Larger pictures", title: "Larger pictures" })));
  }
  page("n-selected").textContent = n ? `${n.toLocaleString("en")} selected` : "Nothing selected";
  for (const id of ["agree", "none", "unlabel", "skip", "deselect"]) page(id).disabled = !n;
  page("agree").disabled = !n || !now.learned;
  page("open-look").disabled = !order.ids.length;
  page("smaller").disabled = view.size === 0;
  page("larger").disabled = view.size === SIZES.length - 1;
}
on("select", drawActions);
on("state", drawActions);
