/* How far it is: counts, what is measured, the learning curve, what to do next. */
const SIDES = { left: 34, right: 236, top: 8, bottom: 92 };

function drawProgress() {
  const { labelled, none, unlabelled, failed } = now, all = Math.max(1, start.n);
  const parts = [["label", labelled, "labelled"], ["none", none, "none of these"], ["rest", unlabelled, "unlabelled"], ["bad", failed, "unreadable"]];
  const features = now.features, isMeasuring = features && features.done < features.of;
  const isBusy = Boolean(now.learning?.busy);
  const words = parts.filter(([kind, n]) => n || ["label", "rest"].includes(kind)).map(([kind, n, word]) => make("span", { class: kind }, make("b", {}, n.toLocaleString("en")), " ", word));
  const work = isLost ? `no answer; ${count(unsaved.size, "label")} not saved` : isBusy ? "learning …" : isMeasuring ? `measuring ${features.done.toLocaleString("en")} of ${features.of.toLocaleString("en")} …` : "";
  fill(page("progress"),
    make("div", { class: "track", role: "img", "aria-label": `${labelled} of ${start.n} labelled` }, ...parts.map(([kind, n]) => { const part = make("i", { class: kind }); part.style.width = `${100 * n / all}%`; return part; })),
    make("p", {}, ...words.flatMap(word => [word, " "]), make("span", { class: isLost ? "work lost" : "work" }, work)));
  document.title = `${labelled.toLocaleString("en")}/${start.n.toLocaleString("en")} ${fileName(start.source || "")} – textura review`;
  page("undo").disabled = !isLost && !queue.length && !now.undo;
  page("redo").disabled = !queue.length && !now.redo;
}

/* Accuracy on labels that were kept back, against the number of labels. */
function curve(points, low, high) {
  const most = points[points.length - 1][0], least = Math.min(...points.map(point => point[1]), low ?? 1), floor = Math.max(0, Math.floor(least * 10 - 0.5) / 10);
  const x = n => SIDES.left + (SIDES.right - SIDES.left) * (points.length > 1 ? (n - points[0][0]) / Math.max(1, most - points[0][0]) : 0.5), y = share => SIDES.bottom - (SIDES.bottom - SIDES.top) * (share - floor) / Math.max(0.01, 1 - floor);
  const svg = make("svg", { viewBox: "0 0 248 112", class: "curve", role: "img", "aria-label": `Learning curve: ${points.map(([n, share]) => `${percent(share)} with ${n} labels`).join(", ")}` });
  for (const share of [floor, (floor + 1) / 2, 1]) svg.append(make("line", { x1: SIDES.left, x2: SIDES.right, y1: y(share), y2: y(share), class: "axis" }), make("text", { x: SIDES.left - 4, y: y(share) + 4, class: "end" }, `${Math.round(100 * share)}`));
  svg.append(make("text", { x: x(points[0][0]), y: 108, class: points.length > 1 ? "begin" : "mid" }, String(points[0][0])));
  if (points.length > 1) svg.append(make("text", { x: SIDES.right, y: 108, class: "end" }, `${most} labels`));
  if (typeof low === "number") svg.append(make("line", { x1: x(most), x2: x(most), y1: y(low), y2: y(high), class: "range" }));
  svg.append(make("polyline", { points: points.map(([n, share]) => `${x(n).toFixed(1)},${y(share).toFixed(1)}`).join(" "), class: "line" }));
  for (const [n, share] of points) svg.append(make("circle", { cx: x(n), cy: y(share), r: 3 }, make("title", {}, `${percent(share)} with ${n} labels`)));
  return svg;
}

function drawLearning() {
  const own = now.learning;
  const parts = [make("h2", {}, "The model", own?.busy ? make("span", { class: "busy" }, "learning …") : null)];
  if (typeof own?.accuracy === "number") {
    parts.push(make("p", { class: "score" }, make("strong", {}, percent(own.accuracy)), " right", typeof own.low === "number" ? ` (${Math.round(100 * own.low)} to ${percent(own.high)})` : ""),
      make("p", { class: "quiet" }, `on labels that it had not seen; learned from ${count(own.n_labels, "label")}`));
  } else parts.push(make("p", { class: "quiet" }, now.learned ? "It has learned, but from too few labels to be tested." : "It learns by itself as soon as two classes have labels."));
  if (own?.curve?.length) parts.push(curve(own.curve, own.low, own.high));
  if (own?.sentence) parts.push(make("p", { class: `verdict ${own.verdict}` }, own.sentence));
  if (now.features && now.features.done < now.features.of) parts.push(make("p", { class: "quiet" }, `${now.features.done.toLocaleString("en")} of ${now.features.of.toLocaleString("en")} pictures measured.`));
  fill(page("learning"), ...parts);
}

function drawTraining() {
  const own = now.training;
  const isRunning = own?.state === "running", isOlder = Boolean(own) && !isRunning && own.changes !== now.changes;
  const isEnough = start.kind === "good" ? now.classes.some(one => one.name === "good" && one.n) : now.classes.filter(one => one.n).length > 1;
  const copy = button("Copy", async () => { try { await navigator.clipboard.writeText(start.train_command); toast("Copied."); } catch { toast("The browser does not allow copying: select the command instead."); } }, { class: "small" });
  fill(page("training"), make("h2", {}, "Train"),
    make("p", { class: "quiet" }, "The labels are in ", make("code", {}, start.labels || "labels.csv"), " at any time. A model for new pictures is made of them:"),
    button(isRunning ? "Training …" : own?.state === "done" && !isOlder ? "Train again" : "Train a model", async event => {
      try { await change("/api/train", {}); toast("Training has begun."); } catch { /* said already */ }
    }, { id: "train", class: now.learning?.verdict === "enough" && (own?.state !== "done" || isOlder) ? "main" : "", disabled: isRunning || !isEnough, title: isEnough ? "" : start.kind === "good" ? "Label good pictures first" : "Label pictures of two classes first" }),
    own && (own.state !== "failed" || !isOlder) ? make("p", { class: `trained ${own.state}`, role: "status" }, isOlder ? "The model is older than the labels: train again to take them in." : own.state === "done" ? `The model is written: ${own.model}. It names new pictures with: textura classify ${own.model} FOLDER` : own.text) : "",
    own?.state === "done" ? make("details", {}, make("summary", {}, "What the training says"), make("pre", {}, own.text)) : "",
    start.train_command ? make("p", { class: "command" }, make("span", { class: "quiet" }, "or in a terminal "), make("code", {}, start.train_command), " ", copy) : "");
}

/* One sentence: what to do next. */
function nextStep() {
  const n_classes = now.classes.filter(own => own.n).length, verdict = now.learning?.verdict, isTrained = now.training?.state === "done" && now.training.changes === now.changes, asked = button("Show what it asks", () => show("mixed"));
  if (!start.n) return ["No pictures were found in this folder."];
  if (start.kind === "good") {
    if (!now.labelled) return [make("b", {}, "Start here: "), "the oddest pictures come first. Press ", kbd("1"), " for good, ", kbd("2"), " for a defect. The next picture is selected by itself."];
  } else if (!now.labelled && !now.none) return [make("b", {}, "Start here: "), "select pictures that look alike (click the first, ", make("span", {}, "Shift+click the last"), ", or drag a frame), then type a name for them and press ", kbd("Enter"), "."];
  else if (n_classes + (now.none ? 1 : 0) < 2) return [make("b", {}, "Next: "), "select pictures of another kind and type its name. The model learns from two classes on. The same class again: its key, ", kbd("1"), "."];
  if (ORDERS[order.by]?.group === "Check") return [make("b", {}, "Check: "), "press the key of the right class, ", kbd("Shift+Enter"), " for what the model says, or ", kbd("."), " where the label is right. ", kbd("Enter"), " looks closer."];
  if (!now.unlabelled) return [make("b", {}, "Every picture has an answer. "), "Look through what is likely wrong, then train a model.", " ", button("Likely wrong", () => show("suspects"))];
  if (!now.learned) return [make("b", {}, "Next: "), "name the other kinds too. The model is learning; it will then ask for what it does not know."];
  if (verdict === "enough") return [make("b", {}, "Enough labels. "), isTrained ? "The model is written." : "Look through what is likely wrong, then train a model.", " ", button("Likely wrong", () => show("suspects")), " ", isTrained ? "" : button("Train a model", () => page("train").click())];
  if (!asks()) return [make("b", {}, "Next: "), "name a few pictures of every kind that you see here. Then let the model ask: a few answers there are worth many others.", " ", asked];
  return [make("b", {}, "Answer: "), "press the key of the class, ", kbd("."), " to skip, ", kbd("0"), " if it is none of these. ", kbd("Shift+Enter"), " agrees with the model."];
}
function drawNext() {
  fill(page("next"), ...nextStep());
}

/* Troubles, and the offer to take the names of folders. */
let isFolderAnswered = false;
function drawBanners() {
  const list = [];
  if (isStranger) list.push(["bad", ["This page belongs to an earlier start of the server. Open the address that the command has printed."]]);
  else if (isLost) list.push(["bad", [`The server does not answer; trying again. ${unsaved.size ? `${count(unsaved.size, "label is", "labels are")} not saved yet: keep this page open, they are sent as soon as it answers. ` : "Nothing is lost. "}If the command was ended, start it again and open the address that it prints.`]]);
  if (now.problem) list.push(["bad", [now.problem]]);
  if (start.folders?.length && !isFolderAnswered && now.unlabelled && !now.labelled && !now.none) {
    const names = start.folders.slice(0, 6).flatMap((name, at) => [at ? ", " : "", make("bdi", {}, name)]);
    list.push(["offer", [make("span", {}, `The pictures lie in ${count(start.folders.length, "folder")}: `, ...names, start.folders.length > 6 ? ` and ${start.folders.length - 6} more` : "", ". Are these names the labels?"),
      button("Yes, take them as labels", async () => { isFolderAnswered = true; drawBanners(); try { await change("/api/adopt", {}); toast("The names of the folders are the labels now. Ctrl+Z takes them back."); } catch { /* said already */ } }, { class: "main" }),
      button("No, I label them here", () => { isFolderAnswered = true; drawBanners(); page("cells").focus(); })]]);
  }
  fill(page("banners"), ...list.map(([kind, parts]) => make("div", { class: `banner ${kind}`, role: kind === "bad" ? "alert" : "group" }, ...parts)));
}
for (const draw of [drawProgress, drawLearning, drawTraining, drawNext, drawBanners]) on("state", draw);
for (const draw of [drawProgress, drawBanners]) on("lost", draw);
on("order", drawNext);
addEventListener("beforeunload", event => { if (queue.length) event.preventDefault(); });
