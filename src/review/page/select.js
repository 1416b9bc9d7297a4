/* Which pictures are selected, by mouse and by keyboard, and where the cursor is. */
const selection = new Set(), skipped = new Set();
const choice = { cursor: 0, anchor: 0 };
const drag = { isOn: false, isFrame: false };
const isHolding = () => drag.isOn || Boolean(document.querySelector("dialog[open]")) || ["INPUT", "SELECT"].includes(document.activeElement?.tagName);
const clamp = index => Math.max(0, Math.min(order.ids.length - 1, index));
/* The selection in the order of the grid. */
const selected = () => [...selection].sort((a, b) => indexOf(a) - indexOf(b));

function resetChoice(keep) {
  const at = keep === null || keep === undefined ? -1 : indexOf(keep);
  selection.clear();
  choice.cursor = choice.anchor = Math.max(0, at);
  if (order.ids.length && (at >= 0 || stepsOn())) selection.add(order.ids[choice.cursor]);
}

function selectOnly(index) {
  if (!order.ids.length) return;
  selection.clear();
  choice.cursor = choice.anchor = clamp(index);
  selection.add(order.ids[choice.cursor]);
  tell("select");
}
function toggle(index) {
  const id = order.ids[index];
  if (!selection.delete(id)) selection.add(id);
  choice.cursor = choice.anchor = index;
  tell("select");
}
function selectTo(index, base = []) {
  choice.cursor = clamp(index);
  selection.clear();
  for (const id of base) selection.add(id);
  for (let at = Math.min(choice.anchor, choice.cursor); at <= Math.max(choice.anchor, choice.cursor); at++) selection.add(order.ids[at]);
  tell("select");
}
function selectAll() {
  for (const id of order.ids) selection.add(id);
  tell("select");
}
function selectNone() {
  selection.clear();
  tell("select");
}
/* A whole row; with Shift all rows from the anchor's to this one, with Ctrl one row more. */
function selectRow(row, event) {
  const first = row * view.columns, last = clamp(first + view.columns - 1);
  const base = event?.ctrlKey || event?.metaKey ? [...selection] : [];
  if (event?.shiftKey) choice.anchor = Math.floor(choice.anchor / view.columns) * view.columns + (choice.anchor >= first + view.columns ? view.columns - 1 : 0);
  else choice.anchor = first;
  choice.anchor = clamp(choice.anchor);
  selectTo(event?.shiftKey && choice.anchor > last ? first : last, base);
}

function moveTo(index, event) {
  if (!order.ids.length) return;
  const at = clamp(index);
  if (event?.shiftKey) selectTo(at);
  else if (event?.ctrlKey || event?.metaKey) { choice.cursor = at; tell("select"); }
  else selectOnly(at);
  scrollToIndex(at);
}

/* After an answer: to the next picture that has none. */
function advance(ids) {
  const after = Math.max(...ids.map(indexOf)), n = order.ids.length;
  const isOpen = index => !asks() || (!isLabelled(order.ids[index]) && !skipped.has(order.ids[index]));
  let next = -1;
  for (let at = after + 1; at < n && next < 0; at++) if (isOpen(at)) next = at;
  if (asks()) for (let at = 0; at < after && next < 0; at++) if (isOpen(at)) next = at;
  const [first, last] = inView();
  if (asks() && isOld() && (next < first || next > last)) { showAgain(); return; }
  if (next < 0) { toast(asks() ? "All of these are answered." : "This was the last one."); return; }
  selectOnly(next);
  scrollToIndex(next);
}

/* Shows what an undo changed. */
function showChanged(ids) {
  const here = ids.filter(id => indexOf(id) >= 0);
  if (!here.length) return;
  if (page("look").open) { openLook(here[0]); return; }
  selection.clear();
  for (const id of here) selection.add(id);
  choice.cursor = choice.anchor = indexOf(here[0]);
  scrollToIndex(choice.cursor);
  tell("select");
}

const position = event => {
  const box = cells.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
};
function indexAt({ x, y }) {
  const column = Math.floor((x - GUTTER) / view.width), index = Math.floor(y / view.height) * view.columns + column;
  return x < GUTTER || column >= view.columns || y < 0 || index >= order.ids.length ? -1 : index;
}

cells.addEventListener("pointerdown", event => {
  if (event.button !== 0) return;
  cells.focus({ preventScroll: true });
  const from = position(event), isMore = event.ctrlKey || event.metaKey;
  Object.assign(drag, { isOn: true, isFrame: false, from, at: event, isMore, isRange: event.shiftKey, base: isMore || event.shiftKey ? [...selection] : [], isTouch: event.pointerType !== "mouse" });
  if (!drag.isTouch) { cells.setPointerCapture(event.pointerId); event.preventDefault(); }
});
cells.addEventListener("pointermove", event => {
  if (!drag.isOn || drag.isTouch) return;
  drag.at = event;
  const to = position(event);
  if (!drag.isFrame && Math.hypot(to.x - drag.from.x, to.y - drag.from.y) > 6) { drag.isFrame = true; followEdges(); }
  if (drag.isFrame) drawFrame();
});
cells.addEventListener("pointerup", event => {
  if (!drag.isOn) return;
  drag.isOn = false;
  page("frame").hidden = true;
  if (drag.isFrame) return;
  const index = indexAt(position(event));
  if (index < 0) selectNone();
  else if (drag.isRange) selectTo(index, drag.isMore ? drag.base : []);
  else if (drag.isMore || drag.isTouch) toggle(index);
  else selectOnly(index);
});
cells.addEventListener("pointercancel", () => { drag.isOn = false; page("frame").hidden = true; });
cells.addEventListener("dblclick", event => {
  const index = indexAt(position(event));
  if (index >= 0 && !event.ctrlKey && !event.shiftKey) openLook(order.ids[index]);
});

function drawFrame() {
  const to = position(drag.at), frame = page("frame");
  const left = Math.max(0, Math.min(to.x, drag.from.x)), right = Math.max(to.x, drag.from.x), top = Math.max(0, Math.min(to.y, drag.from.y)), bottom = Math.max(to.y, drag.from.y);
  Object.assign(frame.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${Math.min(bottom, cells.offsetHeight) - top}px` });
  frame.hidden = false;
  const column = x => Math.floor((x - GUTTER) / view.width), lastColumn = Math.min(view.columns - 1, column(right));
  selection.clear();
  for (const id of drag.base) selection.add(id);
  for (let row = Math.floor(top / view.height); row <= Math.floor(bottom / view.height); row++) {
    for (let at = Math.max(0, column(left)); at <= lastColumn; at++) {
      const index = row * view.columns + at;
      if (index < order.ids.length) { selection.add(order.ids[index]); choice.cursor = index; }
    }
  }
  choice.anchor = Math.max(0, indexAt(drag.from));
  tell("select");
}
/* Scrolls while the mouse is dragged beyond the edge. */
function followEdges() {
  if (!drag.isOn) return;
  const box = scroller.getBoundingClientRect(), y = drag.at.clientY;
  const by = y < box.top + 16 ? y - box.top - 16 : y > box.bottom - 16 ? y - box.bottom + 16 : 0;
  if (by) { scroller.scrollTop += Math.max(-40, Math.min(40, by)); drawFrame(); }
  requestAnimationFrame(followEdges);
}
