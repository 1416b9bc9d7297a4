/* The keyboard. Letters and digits are classes; everything else is in this table, which the page shows as well. */
const HELP = [
  ["Select", [["Click", "one picture"], ["Shift+click, Shift+arrows", "a range"], ["Ctrl+click", "one more, or one less"], ["Drag", "all in the rectangle"], ["Shift+Space", "the whole row (or the bar at its start)"], ["Ctrl+A", "all of this view"], ["Esc", "nothing"]]],
  ["Label", [["1 … 9, a … z", "the class with this key"], ["type a name, or +", "a new class; Enter gives it to the selection"], ["0", "none of these: not a picture of anything here"], ["Shift+Enter", "agree with what the model predicts"], ["Del", "take the label away"], [".", "skip: ask again last"], ["Ctrl+Z, Ctrl+Y", "undo, redo"]]],
  ["Look", [["Arrows, Page, Home, End", "move"], ["Enter, double click", "look closer"], ["Space", "show what the model asks now; in the closer look: the map"], [",", "next order"], ["?", "these keys"]]],
];

page("keys").append(make("h2", {}, "Keys"), make("div", { class: "help" }, ...HELP.map(([title, lines]) => make("section", {}, make("h3", {}, title),
  make("dl", {}, ...lines.flatMap(([key, text]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, text)]))))),
  make("p", { class: "quiet" }, "Everything has a button or a click, too."), button("Close", () => page("keys").close(), { class: "main", autofocus: true }));
page("open-keys").onclick = () => page("keys").showModal();
page("undo").onclick = () => takeBack("/api/undo");
page("redo").onclick = () => takeBack("/api/redo");

/* The letter or digit of a key, on keyboards of other scripts too. */
function signOf(event) {
  if (/^[\x21-\x7e]$/.test(event.key)) return event.key.toLowerCase();
  const letter = /^Key([A-Z])$/.exec(event.code);
  return letter && event.key.length === 1 ? letter[1].toLowerCase() : event.key;
}

function pressed(event) {
  const isLook = page("look").open, isMore = event.ctrlKey || event.metaKey, sign = signOf(event);
  const isField = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName), isButton = event.target.closest?.("button,a,summary");
  if (event.isComposing || event.altKey || isField || (document.querySelector("dialog[open]") && !isLook)) return false;
  if (isMore) {
    if (sign === "z") takeBack(event.shiftKey ? "/api/redo" : "/api/undo");
    else if (sign === "y") takeBack("/api/redo");
    else if (sign === "a" && !isLook) selectAll();
    else if (event.key === " " && !isLook && order.ids.length) toggle(choice.cursor);
    else return !isLook && !isButton && moved(event);
    return true;
  }
  if (isButton && (event.key === "Enter" || event.key === " ")) return false;
  if (event.key === "Enter") {
    if (event.shiftKey) agreeAll();
    else if (isLook) page("look").close();
    else if (order.ids.length) openLook(order.ids[choice.cursor]);
  } else if (event.key === " ") {
    if (isLook) toggleMap();
    else if (event.shiftKey) selectRow(Math.floor(choice.cursor / view.columns));
    else if (isOld()) showAgain();
    else toast("The model has not learned anything new yet.");
  } else if (event.key === "Delete" || event.key === "Backspace") act(null);
  else if (event.key === "Escape" && !isLook) selectNone();
  else if (sign === "0") act(false);
  else if (sign === "+" || sign === "=") askName("");
  else if (sign === ".") skip();
  else if (sign === "," && !isLook) nextOrder();
  else if (sign === "?") page("keys").showModal();
  else if (/^[1-9]$/.test(sign)) actByKey(KEYS.indexOf(sign));
  else if (/^[a-z]$/.test(sign) && classNames().length > KEYS.indexOf("a")) actByKey(KEYS.indexOf(sign));
  else if (event.key.length === 1 && /\p{L}/u.test(event.key)) askName(event.key);
  else return isLook ? movedLook(event) : moved(event);
  return true;
}

function moved(event) {
  const rows = Math.max(1, Math.floor(scroller.clientHeight / view.height));
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -view.columns, ArrowDown: view.columns, PageUp: -rows * view.columns, PageDown: rows * view.columns }[event.key];
  if (event.target.closest?.("#bar,#side,header,#banners,#actions")) return false;
  if (event.key === "Home") moveTo(0, event);
  else if (event.key === "End") moveTo(order.ids.length - 1, event);
  else if (by === undefined) return false;
  else if (!selection.size && Math.abs(by) === 1) moveTo(choice.cursor, event);
  else if (choice.cursor + by >= 0 && choice.cursor + by < order.ids.length) moveTo(choice.cursor + by, event);
  else if (Math.abs(by) > view.columns) moveTo(choice.cursor + by, event);
  else if (by === view.columns && Math.floor(choice.cursor / view.columns) < Math.floor((order.ids.length - 1) / view.columns)) moveTo(order.ids.length - 1, event);
  return true;
}
document.addEventListener("keydown", event => { if (pressed(event)) event.preventDefault(); });
