/* What is seen: controls, the network, the chosen number, the loss, all numbers. */
const state = { lang: navigator.language.startsWith("zh") ? "zh" : "en", run: 0, step: 0, example: 0, pick: null,
  rate: DATA.rates.indexOf(SET.rate), momentum: Math.max(0, DATA.momenta.indexOf(DATA.own)) };
let fields, right, steps;
const say = word => WORDS[state.lang][word];
const SVG = "http://www.w3.org/2000/svg";

function make(tag, options = {}, ...children) {
  const element = ["svg", "g", "line", "circle", "rect", "text", "polyline", "title"].includes(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(options)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}
const button = (text, onclick, options = {}) => make("button", { type: "button", onclick, ...options }, text);

function meaning(name) {
  const words = say("fields"), parts = name.split("_");
  for (let at = 0; at < parts.length; at++) {
    const word = words[parts.slice(at).join("_")];
    if (word) {
      const kind = parts.slice(0, at).filter(part => words[part]).map(part => words[part]);
      return [...kind, word].join(state.lang === "zh" ? "，" : ", ");
    }
  }
  return "";
}
const phaseName = phase => say(phase === "loss" ? "loss_phase" : phase);
const index = (field, row, column) => row * columns(field) + column;
const isKnown = field => field.phase === "given" || steps.indexOf(field.name) <= state.step;
function changed(field, at) { const own = right.get(field.name); return state.run && own && !(Math.abs(own.values[at] - field.values[at]) <= 1e-9 * (1 + Math.abs(own.values[at]))); }

function choose(name, row, column) {
  state.pick = { name, row, column };
  const at = steps.indexOf(name);
  if (at > state.step) state.step = at;
  draw("number");
}

/* A number to click. */
function cell(field, row, column, tag = "span") {
  const at = index(field, row, column), value = field.values[at];
  const isPick = state.pick && state.pick.name === field.name && state.pick.row === row && state.pick.column === column;
  return make(tag, {}, button(short(value), () => choose(field.name, row, column), {
    class: "num" + (changed(field, at) ? " changed" : "") + (isPick ? " pick" : ""), "data-field": field.name, "data-at": at, "data-value": value,
    "aria-label": `${field.name} ${say("row")} ${row} ${say("column")} ${column}: ${short(value)}` }));
}

function controls() {
  const option = (run, at) => make("option", { value: at, selected: at === state.run }, at ? (say("mistakes")[run.mistake] || run.title) : say("none"));
  const slider = (key, values) => {
    const label = make("output", {}, String(values[state[key]]));
    return make("label", {}, say(key) + " ", label, make("input", { type: "range", id: key, min: 0, max: values.length - 1, step: 1, value: state[key],
      "aria-valuetext": String(values[state[key]]), oninput: event => { state[key] = Number(event.target.value); draw(key); } }));
  };
  const examples = DATA.labels.map((label, at) => make("option", { value: at, selected: at === state.example }, `${at} (y = ${label})`));
  return make("div", { class: "controls" },
    make("label", {}, say("mistake") + " ", make("select", { id: "mistake", onchange: event => { state.run = Number(event.target.value); draw("mistake"); } }, ...DATA.runs.map(option))),
    make("label", {}, say("example") + " ", make("select", { id: "example", onchange: event => { state.example = Number(event.target.value); draw("example"); } }, ...examples)),
    slider("rate", DATA.rates), HAS_MOMENTUM ? slider("momentum", DATA.momenta) : "");
}

function stepper() {
  const name = steps[state.step], field = fields.get(name);
  const go = (to, id) => () => { state.step = Math.min(steps.length - 1, Math.max(0, to)); state.pick = { name: steps[state.step], row: 0, column: 0 }; draw(id); };
  const phases = ["forward", "loss", "backward", "update"].map(phase => button(phaseName(phase),
    go(steps.findIndex(step => fields.get(step).phase === phase), phase), { id: phase, "aria-pressed": String(field.phase === phase) }));
  return make("nav", { class: "stepper" }, ...phases,
    button("◀ " + say("back"), go(state.step - 1, "back"), { id: "back", disabled: state.step === 0 }),
    button(say("next") + " ▶", go(state.step + 1, "next"), { id: "next", disabled: state.step === steps.length - 1 }),
    make("p", { "aria-live": "polite" }, make("b", {}, `${say("step")} ${state.step + 1} ${say("of")} ${steps.length}: ${name}`), " " + meaning(name)));
}

/* The names of a unit's fields, from the weighted sum to the delta. */
function unitFields(layer) {
  const names = layer === "output" ? ["logits", "probabilities", "output_deltas"]
    : ["sums", "normalised", "scaled", "outputs", "dropped", "back", "scaled_deltas", "deltas"].map(what => `${layer}_${what}`);
  return names.filter(name => fields.has(name));
}

function network() {
  const layers = [["inputs", null, columns(fields.get("inputs"))], ...DATA.layers], most = 8;
  const tallest = Math.max(...layers.map(layer => Math.min(layer[2], most)));
  const gap = 135, height = tallest * 82 + 40, width = (layers.length - 1) * gap + 130;
  const x = at => 60 + at * gap, y = (size, at) => 20 + (height - 40) * (at + 0.5) / Math.min(size, most);
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, class: "net", role: "group", "aria-label": say("network") });
  const act = run => ({ onclick: run, onkeydown: event => { if (["Enter", " "].includes(event.key)) { event.preventDefault(); run(); } }, tabindex: 0, role: "button" });
  const source = new Map([["inputs", 0]]);
  DATA.layers.forEach(([layer], at) => ["sums", "outputs", "dropped", "total"].forEach(what => source.set(`${layer.replace(what === "total" ? "_second" : "\u0000", "")}_${what}`, at + 1)));
  const largest = Math.max(1e-9, ...DATA.layers.flatMap(([layer]) => fields.get(layer + "_weights").values.map(Math.abs)));
  DATA.layers.forEach(([layer, input, size], at) => {
    const from = source.get(input) ?? at, weights = fields.get(layer + "_weights"), n = layers[from][2];
    for (let i = 0; i < Math.min(n, most); i++) for (let j = 0; j < Math.min(size, most); j++) {
      const value = weights.values[index(weights, i, j)], isPick = state.pick && state.pick.name.startsWith(layer + "_weights") && state.pick.row === i && state.pick.column === j;
      const ends = { x1: x(from), y1: y(n, i), x2: x(at + 1), y2: y(size, j) };
      svg.append(make("g", { class: "edge" + (isPick ? " pick" : ""), ...act(() => choose(layer + "_weights", i, j)), "data-edge": `${layer},${i},${j}`,
        "aria-label": `${say("connection")} ${layer} ${say("from")} ${i} ${say("to")} ${j}: ${short(value)}` },
        make("line", { ...ends, class: "hit" }), make("line", { ...ends, class: value < 0 ? "negative" : "positive", "stroke-width": 1 + 4 * Math.abs(value) / largest })));
    }
  });
  layers.forEach(([layer, , size], at) => {
    svg.append(make("text", { x: x(at), y: 14, class: "head" }, layer));
    for (let unit = 0; unit < Math.min(size, most); unit++) {
      const names = at ? unitFields(layer).filter(name => isKnown(fields.get(name))) : ["inputs"];
      const value = name => fields.get(name).values[index(fields.get(name), state.example, unit)];
      const forward = names.filter(name => fields.get(name).phase !== "backward" && name !== "output_deltas").pop();
      const delta = names.filter(name => name.endsWith("_deltas") && !name.endsWith("scaled_deltas")).pop();
      const isPick = state.pick && names.includes(state.pick.name) && state.pick.column === unit && state.pick.row === state.example;
      const text = forward ? short(value(forward)) : "";
      svg.append(make("g", { class: "unit" + (isPick ? " pick" : ""), ...act(() => choose(forward || (unitFields(layer)[0]), state.example, unit)), "data-unit": `${layer},${unit}`,
        "aria-label": `${at ? say("unit") : say("input")} ${layer} ${unit}: ${text}` },
        make("circle", { cx: x(at), cy: y(size, unit), r: 27 }), make("text", { x: x(at), y: y(size, unit) + 4 }, text)));
      if (delta) svg.append(make("g", { class: "delta", ...act(() => choose(delta, state.example, unit)), "data-delta": `${layer},${unit}`, "aria-label": `${delta} ${unit}: ${short(value(delta))}` },
        make("rect", { x: x(at) - 38, y: y(size, unit) + 27, width: 76, height: 16, rx: 4 }), make("text", { x: x(at), y: y(size, unit) + 39 }, "δ " + short(value(delta)))));
    }
  });
  return svg;
}

/* A formula with numbers that lead to where they come from. */
function formula(text) {
  const parts = text.split(/[{}]/).map((part, at) => {
    if (at % 2 === 0) return part;
    const [key, row, column] = part.split(","), name = DATA.names[key] || key;
    if (row === undefined) return make("b", {}, String(name === "rate" ? DATA.rates[state.rate] : DATA.momenta[state.momentum]));
    const field = fields.get(name);
    if (!field) return name;
    const box = cell(field, Number(row), Number(column));
    if (field.values[index(field, Number(row), Number(column))] < 0) { box.prepend("("); box.append(")"); }
    return box;
  });
  return make("p", { class: "formula" }, "= ", ...parts);
}

function number() {
  const box = make("section", { class: "number", "aria-live": "polite" }, make("h2", {}, say("number")));
  if (!state.pick) { box.append(make("p", {}, say("click"))); return box; }
  const { name, row, column } = state.pick, field = fields.get(name), at = index(field, row, column);
  box.append(make("p", {}, make("b", {}, name), ` ${say("row")} ${row}, ${say("column")} ${column}: `, cell(field, row, column)), make("p", { class: "quiet" }, meaning(name)));
  const text = formulaOf(state.run, name, at);
  box.append(text ? formula(text) : make("p", {}, say("isgiven")));
  const layer = DATA.layers.map(part => part[0]).filter(part => name.startsWith(part + "_") || (part === "output" && ["logits", "probabilities"].includes(name))).sort((a, b) => b.length - a.length)[0];
  const base = (name.match(/^.*_(weights|biases|gamma|beta|slopes)/) || [])[0];
  const related = base ? ["", "_velocity_before", "_gradient", "_velocity", "_step", "_after"].map(end => base + end) : layer ? unitFields(layer) : [];
  const links = related.filter(other => fields.has(other) && other !== name && index(fields.get(other), row, column) < fields.get(other).values.length);
  if (links.length) box.append(make("p", { class: "related" }, ...links.flatMap(other => [make("span", {}, other + " ", cell(fields.get(other), row, column)), " "])));
  return box;
}

function verdict() {
  const run = DATA.runs[state.run], box = make("div", { class: "verdict", "aria-live": "polite" });
  if (!state.run) return box;
  const field = run.first && fields.get(run.first);
  box.append(make("p", {}, make("b", {}, (say("mistakes")[run.mistake] || run.title))), make("p", {}, say("wrongline") + ": ", make("code", {}, run.wrong)), make("p", {}, say("rightline") + ": ", make("code", {}, run.right)));
  if (!field) { box.append(make("p", {}, say("unmoved"))); return box; }
  const at = Math.max(0, field.values.findIndex((value, at) => changed(field, at))), own = right.get(field.name);
  box.append(make("p", {}, `${say("first")}: `, make("b", {}, field.name), " ", own ? `${short(own.values[at])} → ` : "", cell(field, Math.floor(at / columns(field)), at % columns(field)), ` ${say("same")}`));
  return box;
}

function losses() {
  const at = place(state.rate, state.momentum), lines = [DATA.runs[0].losses[at]];
  if (state.run) lines.push(DATA.runs[state.run].losses[at]);
  const known = lines.flat().filter(value => value !== null), top = Math.max(...known, 1e-9), last = (lines[0].length - 1) * DATA.every;
  const svg = make("svg", { viewBox: "0 0 420 170", class: "losses", role: "img", "aria-label": say("loss") });
  const x = k => 44 + 366 * k / (lines[0].length - 1), y = value => 146 - 132 * value / top;
  for (const [value, text] of [[0, "0"], [top, short(top)]]) svg.append(make("line", { x1: 44, x2: 410, y1: y(value), y2: y(value), class: "axis" }), make("text", { x: 40, y: y(value) + 4, class: "tick" }, text));
  svg.append(make("text", { x: 410, y: 164, class: "tick" }, `${last} ${say("updates")}`));
  const keys = lines.map((line, k) => {
    const points = line.map((value, j) => value === null ? "" : `${x(j).toFixed(1)},${y(value).toFixed(1)}`).filter(Boolean).join(" ");
    svg.append(make("polyline", { points, class: k ? "line wrong" : "line right" }));
    const end = line[line.length - 1];
    return make("p", { class: k ? "key wrong" : "key right" }, `${say(k ? "wrong" : "right")}: ${short(line[0])} → ${end === null ? "∞" : short(end)}`);
  });
  return make("section", {}, make("h2", {}, say("loss")), svg, ...keys, make("p", { class: "quiet" }, say("measured")));
}

function tables() {
  const box = make("section", { class: "all" }, make("h2", {}, say("all")), make("p", { class: "quiet" }, say("count")));
  for (const phase of ["given", "forward", "loss", "backward", "update"]) {
    const inside = [...fields.values()].filter(field => field.phase === phase).map(field => {
      const width = columns(field), height = field.values.length / width;
      const rows = Array.from({ length: height }, (_, row) => make("tr", {}, make("th", { scope: "row" }, String(row)), ...Array.from({ length: width }, (_, column) => cell(field, row, column, "td"))));
      return make("div", { class: "field" + (steps[state.step] === field.name ? " now" : "") }, make("h4", {}, field.name), make("p", { class: "quiet" }, meaning(field.name)),
        make("div", { class: "scroll" }, make("table", {}, make("tbody", {}, ...rows))));
    });
    box.append(make("h3", {}, phaseName(phase)), make("div", { class: "fields" }, ...inside));
  }
  return box;
}

/* Draws all anew, and gives the focus back to what had it. */
function draw(focus) {
  const had = document.activeElement, mark = had && ["data-unit", "data-edge", "data-delta"].map(name => had.getAttribute(name) && `[${name}="${had.getAttribute(name)}"]`).find(Boolean);
  fields = fieldsOf(state.run, state.rate, state.momentum);
  right = fieldsOf(0, state.rate, state.momentum);
  steps = [...fields.values()].filter(field => field.phase !== "given").map(field => field.name);
  state.step = Math.min(state.step, steps.length - 1);
  document.documentElement.lang = state.lang === "zh" ? "zh" : "en";
  document.title = say("title");
  const page = make("main", {}, make("header", {}, make("h1", {}, say("title")), button(say("other"), () => { state.lang = state.lang === "zh" ? "en" : "zh"; draw("language"); }, { id: "language" })),
    make("p", {}, say("lead")), controls(), verdict(), stepper(),
    make("div", { class: "two" }, make("section", {}, make("h2", {}, say("network")), network()), make("div", {}, number(), losses())), tables());
  const old = document.querySelector("main");
  if (old) old.replaceWith(page); else document.body.append(page);
  const chosen = mark ? page.querySelector(mark) : focus === "number" ? page.querySelector(".number .num.pick") : document.getElementById(focus);
  if (chosen) chosen.focus({ preventScroll: true });
}
draw();
