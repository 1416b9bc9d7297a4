/* Which pictures are shown, and in which order. An order stays as it is under the user's hands until a new one is asked for. */
const ORDERS = {
  oddest: { name: "Oddest", group: "Ask", asks: true, text: "What looks least like the good pictures comes first. Say of each whether it is good or a defect." },
  likeness: { name: "Alike", group: "Group", text: "All pictures, similar ones beside each other. Select a group and name it." },
  path: { name: "By file", group: "Group", text: "All pictures in the order of the folder." },
  class: { name: "By class", group: "Group", text: "What has this label, then what the model takes for it." },
  mixed: { name: "Best next", group: "Ask", asks: true, text: "The unlabelled pictures that would teach the model most: a mixture of the others." },
  uncertain: { name: "Uncertain", group: "Ask", asks: true, learned: true, text: "The model wavers between two classes here. Your answer draws the border." },
  unlike: { name: "Unlike", group: "Ask", asks: true, learned: true, text: "These look like nothing that has a label so far. There may be a new class among them." },
  contradicted: { name: "Contradicted", group: "Ask", asks: true, learned: true, text: "The model and the labelled pictures that look most alike disagree here." },
  random: { name: "Random", group: "Ask", asks: true, text: "Any unlabelled pictures, as a fair sample." },
  suspects: { name: "Likely wrong", group: "Check", learned: true, text: "Labels that the model, trained without them, does not believe. Correct them, or press . where the label is right." },
  cell: { name: "Matrix cell", group: "Check", text: "" },
  failed: { name: "Unreadable", group: "Check", text: "Files that could not be read as pictures." },
};
const REASONS = { mixed: "", uncertain: "uncertain", unlike: "unlike all labelled", contradicted: "contradicted", random: "at random" };
const order = { by: "", class: null, true: null, predicted: null, ids: [], at: null, reasons: null, values: null, learned: 0, order_version: 0, isLoading: false };

const asks = () => Boolean(ORDERS[order.by]?.asks);
/* Orders in which one picture after the other is answered. */
const stepsOn = () => asks() || ["suspects", "cell"].includes(order.by);
const indexOf = id => {
  if (!order.at) { order.at = new Int32Array(start.n).fill(-1); order.ids.forEach((own, at) => { order.at[own] = at; }); }
  return order.at[id] ?? -1;
};

async function show(by, { className = null, truth = null, predicted = null, keep = null } = {}) {
  if (by === "class" && className === null) className = order.class ?? classNames()[0] ?? null;
  if (by === "class" && className === null) { toast("There is no class yet."); return; }
  const query = new URLSearchParams({ by });
  if (by === "class") query.set("class", className);
  if (by === "cell") { query.set("true", truth); query.set("predicted", predicted); }
  const turn = order.turn = (order.turn || 0) + 1;
  order.isLoading = true;
  tell("about");
  const learned = now.learned, order_version = now.order_version;
  let value;
  try {
    while (queue.length && !isLost) await sleep(20);
    value = await ask(`/api/order?${query}`);
  } catch (error) { toast(error.message, true); }
  if (turn !== order.turn) return;
  order.isLoading = false;
  if (value) {
    Object.assign(order, { by, class: className, true: truth, predicted, ids: value.ids, reasons: value.reasons, values: value.values, at: null, learned, order_version });
    tell("order", keep);
  }
  tell("about");
}
/* Asks for the same order anew: what the model asks now, or the new order by likeness. */
const showAgain = keep => show(order.by, { className: order.class, truth: order.true, predicted: order.predicted, keep });

function isOld() {
  if (!order.by) return false;
  if (order.by === "likeness" || (order.by === "oddest" && now.learned === order.learned)) return now.order_version !== order.order_version;
  return ORDERS[order.by].asks && order.by !== "random" ? now.learned !== order.learned : ["suspects", "cell", "class"].includes(order.by) && now.learned !== order.learned;
}

/* The orders that can be chosen now, as they stand in the bar. */
function shownOrders() {
  return Object.keys(ORDERS).filter(by => (by !== "oddest" || start.kind === "good") && (by !== "failed" || now.failed) && (by !== "cell" || order.by === "cell"));
}
const isReady = by => (!ORDERS[by].learned || now.learned > 0) && (by !== "class" || classNames().length > 0);

function nextOrder() {
  const all = shownOrders().filter(by => isReady(by) && by !== "cell");
  show(all[(all.indexOf(order.by) + 1) % all.length]);
}

function drawOrders() {
  const bar = page("orders"), had = document.activeElement?.dataset?.by;
  const groups = new Map();
  for (const by of shownOrders()) {
    const { name, group, text } = ORDERS[by];
    if (!groups.has(group)) groups.set(group, []);
    const isOff = !isReady(by);
    groups.get(group).push(button(name, event => {
      if (isOff) { toast(by === "class" ? "There is no class yet: label some pictures first." : "The model has not learned yet: label pictures of two classes first."); return; }
      show(by);
    }, { "data-by": by, "aria-pressed": String(by === order.by), "aria-disabled": isOff ? "true" : null, title: text }));
  }
  fill(bar, ...[...groups].map(([group, buttons]) => make("div", { class: "group", role: "group", "aria-label": group }, make("span", { "aria-hidden": "true" }, group), ...buttons)));
  if (had && document.activeElement === document.body) bar.querySelector(`[data-by="${had}"]`)?.focus();
}

function drawAbout() {
  drawOrders();
  const sentence = page("sentence"), fresh = page("fresh"), isFresh = isOld() && !order.isLoading;
  const parts = isFresh ? [make("b", {}, order.by === "likeness" ? "More pictures have been measured. " : "The model has learned on. ")] : [];
  if (order.isLoading) parts.push("Sorting …");
  else if (order.by === "cell") parts.push("Labelled ", make("b", {}, make("bdi", {}, order.true)), ", predicted ", make("b", {}, make("bdi", {}, order.predicted)), ": ", count(order.ids.length, "picture"), ".");
  else if (order.by === "class") {
    const select = make("select", { id: "class-choice", "aria-label": "Class", onchange: event => show("class", { className: event.target.value }) },
      ...classNames().map(name => make("option", { value: name, selected: name === order.class }, name)));
    parts.push(select, " ", ORDERS.class.text);
  } else if (order.by === "suspects") {
    const n = (order.reasons || []).filter(reason => reason === "contradicted").length;
    parts.push(order.ids.length ? n ? `${count(n, "label is", "labels are")} contradicted by the others; behind ${n === 1 ? "it" : "them"} come those that fit.` : "No label is contradicted by the others." : "There are too few labels yet to check one by the others.");
  } else if (order.by) parts.push(ORDERS[order.by].text, order.by === "likeness" && !now.features?.ordered ? " (They are still being measured: for now in the order of the folder.)" : "");
  fill(sentence, ...parts);
  fresh.hidden = !isFresh;
  if (isFresh) fill(fresh, asks() ? "Show what it asks now " : order.by === "likeness" ? "Sort again " : "Show this anew ", kbd("Space"));
}
page("fresh").onclick = () => showAgain();
for (const name of ["about", "state", "order", "labels"]) on(name, drawAbout);
on("order", () => page("orders").querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" }));

/* The batch goes on by itself when all that is in view has been answered and the model has learned since. */
on("state", () => { if (asks() && isOld() && !order.isLoading && !isHolding() && isViewDone(choice.cursor)) showAgain(); });
