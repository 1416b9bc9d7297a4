/* Thumbnails: at most six requests at once, for visible cells only; what is scrolled past before it came is dropped. */
const MOST = 6, KEPT = 800;
const waiting = new Map(), coming = new Map(), kept = new Map(), unread = new Set();

/* Calls `ready(image)` when the thumbnail is there, with null when there is none. */
function wantThumb(id, ready) {
  const image = kept.get(id);
  if (image) { kept.delete(id); kept.set(id, image); ready(image); return; }
  if (unread.has(id)) { ready(null); return; }
  waiting.set(id, ready);
  queueMicrotask(loadThumbs);
}

function dropThumb(id) {
  waiting.delete(id);
  const image = coming.get(id);
  if (!image) return;
  coming.delete(id);
  image.onload = image.onerror = null;
  image.removeAttribute("src");
  queueMicrotask(loadThumbs);
}

function loadThumbs() {
  while (coming.size < MOST && waiting.size && !isLost) {
    const [id, ready] = waiting.entries().next().value;
    waiting.delete(id);
    const image = new Image();
    image.alt = "";
    image.draggable = false;
    image.decoding = "async";
    image.onload = () => {
      coming.delete(id);
      kept.set(id, image);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value);
      ready(image);
      loadThumbs();
    };
    image.onerror = () => {
      coming.delete(id);
      unread.add(id);
      ready(null);
      loadThumbs();
    };
    coming.set(id, image);
    image.src = address("/thumb", id);
  }
}
/* What failed to come while the server was away is asked for again. */
on("back", () => { unread.clear(); tell("thumbs"); loadThumbs(); });
