/* The pictures as a grid. Only the cells in view are in the document. */
const scroller = page("scroller"), cells = page("cells");
const GUTTER = 22, TEXT = 62, SIZES = [104, 140, 200];
const view = { size: 1, columns: 1, width: 140, height: 202, first: 0, last: -1 };
const live = new Map(), pool = [], rowButtons = new Map();
let isDrawing = false;

function newCell() {
  const parts = { thumb: make("div", { class: "thumb" }), key: make("b", {}), name: make("bdi", {}), share: make("i", {}), why: make("div", { class: "why" }), path: make("div", { class: "path" }) };
  parts.tag = make("div", { class: "tag" }, parts.key, parts.name, parts.share);
  parts.box = make("div", { class: "cell", role: "option" }, parts.thumb, parts.tag, parts.why, parts.path);
  return parts;
}

function placeCell(cell) {
  const row = Math.floor(cell.index / view.columns), column = cell.index % view.columns;
  cell.box.style.transform = `translate(${GUTTER + column * view.width}px,${row * view.height}px)`;
}

function fillCell(cell, index) {
  cell.index = index;
  cell.id = order.ids[index];
  cell.mark = "";
  cell.box.id = `cell-${index}`;
  cell.box.dataset.id = cell.id;
  cell.thumb.replaceChildren();
  placeCell(cell);
  paintCell(cell);
  wantThumb(cell.id, image => { cell.thumb.replaceChildren(image || make("span", {}, infos.get(cell.id)?.error || "no picture")); });
}

/* Text beside a value that the server gives with an order. */
function reasonOf(index, info) {
  const reason = order.reasons?.[index], value = order.values?.[index];
  if (order.by === "oddest") return value === undefined || value === null ? "" : `oddness ${value.toFixed(2)}`;
  if (order.by === "suspects") return info?.predicted && info.predicted !== labelOf(info.id) ? `looks like ${info.predicted}` : "fits";
  if (order.by === "cell") return `model: ${order.predicted}`;
  if (reason) return REASONS[reason] ?? reason;
  return info?.error ? "cannot be read" : "";
}

function paintCell(cell) {
  const { id, index } = cell, info = infos.get(id), label = labelOf(id), isNew = unsaved.has(id);
  const guess = label === null && info && !info.error ? info.predicted : null;
  const name = label === false ? "none of these" : label ?? guess ?? "", key = label === false ? "0" : name ? keyOf(name) : "";
  const isSelected = selection.has(id), isCursor = index === choice.cursor;
  const path = info?.path ?? "", why = label === null || ["suspects", "cell"].includes(order.by) ? reasonOf(index, info) : info?.predicted && label && info.predicted !== label && order.by !== "path" ? `model: ${info.predicted}` : "";
  const mark = [name, key, label, guess, info?.probability, isSelected, isCursor, path, why, isNew, isLost, info?.error].join("\u0000");
  if (mark === cell.mark) return;
  cell.mark = mark;
  cell.box.className = `cell${isSelected ? " selected" : ""}${isCursor ? " cursor" : ""}${isNew && isLost ? " unsaved" : ""}`;
  cell.box.setAttribute("aria-selected", String(isSelected));
  cell.box.setAttribute("aria-posinset", index + 1);
  cell.box.setAttribute("aria-setsize", order.ids.length);
  cell.tag.className = `tag ${label === false ? "none" : label !== null ? "label" : guess ? "guess" : "empty"}`;
  if (name && label !== false) cell.tag.style.setProperty("--class", colour(name));
  cell.key.textContent = key;
  cell.name.textContent = name || (info?.error ? "" : "no label");
  cell.share.textContent = guess ? percent(info.probability) : "";
  cell.why.textContent = isNew && isLost ? "not saved yet" : why;
  cell.path.textContent = path ? fileName(path) : "";
  cell.box.title = path + (info?.error ? `\n${info.error}` : "") + (guess ? `\nprediction: ${guess}, ${percent(info.probability)}` : "");
  cell.box.setAttribute("aria-label", `${path ? fileName(path) : "picture " + (index + 1)}, ${label === false ? "none of these" : label !== null ? "label " + label : guess ? `prediction ${guess} ${percent(info.probability)}` : "no label"}${why ? ", " + why : ""}`);
  const span = cell.thumb.querySelector("span");
  if (span && info?.error) span.textContent = info.error;
}

function measure() {
  const room = scroller.clientWidth - GUTTER - 6, wanted = SIZES[view.size];
  view.columns = Math.max(1, Math.floor(room / wanted));
  view.width = Math.floor(room / view.columns);
  view.height = view.width + TEXT;
  scroller.style.setProperty("--cell", `${view.width}px`);
  scroller.style.setProperty("--row", `${view.height}px`);
  cells.style.height = `${Math.ceil(order.ids.length / view.columns) * view.height}px`;
}

function leave(cell) {
  dropThumb(cell.id);
  cell.box.remove();
  cell.thumb.replaceChildren();
  pool.push(cell);
}

/* Puts the cells in view into the document and takes the others out. */
function drawGrid() {
  isDrawing = false;
  const over = 1, n = order.ids.length;
  const top = Math.max(0, Math.floor(scroller.scrollTop / view.height) - over), bottom = Math.floor((scroller.scrollTop + scroller.clientHeight) / view.height) + over;
  view.first = top * view.columns;
  view.last = Math.min(n, (bottom + 1) * view.columns) - 1;
  for (const [index, cell] of live) if (index < view.first || index > view.last) { live.delete(index); leave(cell); }
  const fragment = document.createDocumentFragment();
  for (let index = view.first; index <= view.last; index++) {
    if (live.has(index)) continue;
    const cell = pool.pop() || newCell();
    live.set(index, cell);
    fillCell(cell, index);
    fragment.append(cell.box);
  }
  cells.append(fragment);
  const lastRow = Math.min(bottom, Math.ceil(n / view.columns) - 1);
  for (const [row, own] of rowButtons) if (row < top || row > lastRow) { own.remove(); rowButtons.delete(row); }
  for (let row = top; row <= lastRow; row++) {
    if (rowButtons.has(row)) continue;
    const own = button("", event => selectRow(row, event), { class: "row", tabindex: -1, title: "Select this row (Shift+Space)", "aria-label": `Select row ${row + 1}` });
    own.style.transform = `translateY(${row * view.height}px)`;
    rowButtons.set(row, own);
    page("rows").append(own);
  }
  drawCursor();
  askInfosSoon();
}
function draw() { if (!isDrawing) { isDrawing = true; requestAnimationFrame(drawGrid); } }

function drawCursor() {
  if (live.has(choice.cursor)) cells.setAttribute("aria-activedescendant", `cell-${choice.cursor}`);
  else cells.removeAttribute("aria-activedescendant");
}

/* All cells anew, at the first picture that was in view. */
function layOut(keepFirst) {
  const at = keepFirst ? Math.round(scroller.scrollTop / view.height) * view.columns : 0;
  for (const cell of live.values()) leave(cell);
  live.clear();
  for (const own of rowButtons.values()) own.remove();
  rowButtons.clear();
  measure();
  scroller.scrollTop = Math.floor(at / view.columns) * view.height;
  drawGrid();
  const empty = page("empty");
  empty.hidden = order.ids.length > 0;
  empty.textContent = order.isLoading || !order.by ? "" : asks() ? "Nothing is left to ask here: every picture has an answer." : order.by === "suspects" ? "No label looks wrong to the model." : "No pictures here.";
}

/* The indices of the cells that can be seen in full. */
function inView() {
  const first = Math.ceil((scroller.scrollTop - 4) / view.height) * view.columns;
  const rows = Math.max(1, Math.floor((scroller.scrollTop + scroller.clientHeight + 4) / view.height) - first / view.columns);
  return [Math.max(0, first), Math.min(order.ids.length, first + rows * view.columns) - 1];
}
function isViewDone(cursor) {
  const [first, last] = inView();
  if (cursor < first || cursor > last) return false;
  for (let index = first; index <= last; index++) if (!isLabelled(order.ids[index]) && !skipped.has(order.ids[index])) return false;
  return true;
}

function scrollToIndex(index) {
  const top = Math.floor(index / view.columns) * view.height;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + view.height > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + view.height - scroller.clientHeight;
  drawGrid();
}

function repaint() { for (const cell of live.values()) paintCell(cell); drawCursor(); }

let infoTimer = 0;
function askInfosSoon() {
  clearTimeout(infoTimer);
  infoTimer = setTimeout(() => { if (wantsInfos().length) readInfos(); }, 80);
}
/* Predictions of pictures in view that are missing, or older than what the model learned last. */
wantsInfos = () => {
  const ids = [];
  for (const cell of live.values()) if (infos.get(cell.id)?.learned !== now.learned) ids.push(cell.id);
  return ids;
};

function setSize(at) {
  view.size = Math.max(0, Math.min(SIZES.length - 1, at));
  layOut(true);
  tell("select");
}

scroller.addEventListener("scroll", draw, { passive: true });
new ResizeObserver(() => { if (Math.abs(scroller.clientWidth - (view.seen || 0)) > 0) { view.seen = scroller.clientWidth; layOut(true); } else draw(); }).observe(scroller);
on("order", keep => { skipped.clear(); resetChoice(keep); layOut(false); if (keep !== null && keep !== undefined && choice.cursor > 0) scrollToIndex(choice.cursor); tell("select"); });
on("labels", ids => { if (!ids || ids.length > 2000) repaint(); else for (const cell of live.values()) if (ids.includes(cell.id)) paintCell(cell); });
on("infos", repaint);
on("select", repaint);
on("lost", repaint);
on("thumbs", () => { for (const cell of live.values()) if (!cell.thumb.querySelector("img")) fillCell(cell, cell.index); });
on("learned", askInfosSoon);
on("state", () => { if (wantsInfos().length) askInfosSoon(); });
