/* Requests. Changes go to the server one after the other, in the order in which they were made, and are sent again until the
   server has answered. */
const queue = [];
let isSending = false, isLost = false, isStranger = false;
/* `ownChanges`: the number of the last change that this page made. */
let ownChanges = 0;
let isPolling = false, pollAgain = false, pollTimer = 0;
const sleep = time => new Promise(resolve => setTimeout(resolve, time));

class NoAnswer extends Error {}

function setLost(value) {
  if (value === isLost) return;
  isLost = value;
  tell("lost");
  if (!value) tell("back");
}

async function ask(path, body) {
  const options = { headers: { "X-Textura-Token": TOKEN }, cache: "no-store", signal: AbortSignal.timeout(60000) };
  if (body !== undefined) {
    options.method = "POST";
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer, value;
  try {
    answer = await fetch(path, options);
    value = await answer.json();
  } catch {
    if (answer && !answer.ok) throw new Error(`The server answers ${answer.status}.`);
    setLost(true);
    throw new NoAnswer("The server does not answer.");
  }
  setLost(false);
  if ([401, 403].includes(answer.status) && !isStranger) { isStranger = true; tell("lost"); }
  if (!answer.ok) throw new Error(value.error || `The server answers ${answer.status}.`);
  return value;
}

function countUnsaved() {
  unsaved.clear();
  knownNames = null;
  for (const change of queue) if (change.path === "/api/label") for (const id of change.body.ids) unsaved.set(id, change.body.class);
}

/* A change; `repeat`: it may be sent twice without harm. */
function change(path, body, repeat = false) {
  return new Promise((resolve, reject) => {
    queue.push({ path, body, repeat, resolve, reject, isTried: false });
    countUnsaved();
    work();
  });
}

async function work() {
  if (isSending) return;
  isSending = true;
  while (queue.length) {
    const first = queue[0];
    first.isTried = true;
    let value, error = null;
    try { value = await ask(first.path, first.body); } catch (caught) { error = caught; }
    if (error instanceof NoAnswer && first.repeat) { await sleep(1000); continue; }
    queue.shift();
    if (!error) ownChanges = Math.max(ownChanges, value.changes ?? 0);
    if (!error && first.path === "/api/label") for (const id of first.body.ids) labels[id] = first.body.class;
    countUnsaved();
    tell("lost");
    if (error) {
      toast(error.message, true);
      first.reject(error);
      tell("labels", first.body.ids || null);
    } else first.resolve(value);
  }
  isSending = false;
  poll();
}

/* Takes in an answer of /api/state. */
function take(value) {
  const old = now, changed = [];
  if (value.changes < old.changes) { labels.length = 0; now = { ...old, changes: 0 }; pollAgain = true; return; }
  let n_strange = 0;
  for (const [id, label] of value.labels) {
    if ((labels[id] ?? null) === label) continue;
    if (!unsaved.has(id)) n_strange += 1;
    labels[id] = label;
    changed.push(id);
  }
  now = { ...value, labels: null, learning: value.learning || (value.learned === old.learned ? old.learning : null) };
  knownNames = null;
  if (n_strange && old.changes && !queue.length && now.changes > ownChanges) toast(`${count(n_strange, "label")} changed in another window.`);
  const sameClasses = old.classes.length === now.classes.length && old.classes.every((own, at) => own.name === now.classes[at].name);
  if (!sameClasses) tell("labels", null);
  else if (changed.length) tell("labels", changed);
  if (old.learned !== now.learned) tell("learned");
  tell("state");
}

async function poll() {
  if (isPolling) { pollAgain = true; return; }
  isPolling = true;
  clearTimeout(pollTimer);
  do {
    pollAgain = false;
    try { take(await ask(`/api/state?changes=${now.changes}&learned=${now.learned}`)); } catch (error) {
      if (!(error instanceof NoAnswer) && !isStranger) toast(error.message, true);
    }
  } while (pollAgain);
  isPolling = false;
  pollTimer = setTimeout(poll, document.hidden ? 4000 : 1000);
}

/* Gives pictures a class, false (none of these) or null (no label). */
function setLabel(ids, value) {
  if (!ids.length) { toast("Nothing is selected. Click a picture first."); return false; }
  const names = value && !classNames().includes(value);
  change("/api/label", { ids, class: value }, true).catch(() => {});
  tell("labels", names ? null : ids);
  tell("lost");
  const what = value === null ? "without a label" : value === false ? "none of these" : value;
  toast(`${count(ids.length, "picture")}: ${what}`);
  return true;
}

async function takeBack(path) {
  if (isLost) {
    const last = queue[queue.length - 1];
    if (path !== "/api/undo" || !last || last.isTried) { toast("The server does not answer: this has to wait.", true); return; }
    queue.pop();
    last.reject(new Error("taken back"));
    countUnsaved();
    tell("labels", null);
    tell("lost");
    return;
  }
  if (!queue.length && !(path === "/api/undo" ? now.undo : now.redo)) { toast(path === "/api/undo" ? "There is nothing to undo." : "There is nothing to redo."); return; }
  try {
    const { ids } = await change(path, {});
    toast(`${path === "/api/undo" ? "Undone" : "Done again"}: ${count(ids.length, "picture")}.`);
    showChanged(ids);
  } catch { /* said already */ }
}

async function rename(from, to) {
  try { await change("/api/rename", { from, to }); toast(`${from} is now ${to}.`); return true; } catch { return false; }
}

/* Pictures whose answers are old or missing, at most 500 at a time, one request at a time. */
let isReading = false, wantsInfos = () => [];
async function readInfos() {
  if (isReading) return;
  isReading = true;
  try {
    for (let ids = wantsInfos(); ids.length; ids = wantsInfos()) {
      const learned = now.learned;
      for (const info of await ask(`/api/pictures?ids=${ids.slice(0, 500).join()}`)) infos.set(info.id, { ...info, learned });
      for (const id of ids.slice(0, 500)) if (!infos.has(id)) infos.set(id, { id, path: "", error: "not known to the server", learned });
      if (infos.size > 20000) for (const id of [...infos.keys()].slice(0, 10000)) infos.delete(id);
      tell("infos");
    }
  } catch { await sleep(1000); }
  isReading = false;
  if (wantsInfos().length) setTimeout(readInfos, 300);
}
