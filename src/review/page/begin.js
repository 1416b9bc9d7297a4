/* The beginning: what the server has, then the first order. */
async function begin() {
  drawActions();
  for (;;) {
    try { start = await ask("/api/start"); break; } catch (error) {
      if (isStranger || !(error instanceof NoAnswer)) { drawBanners(); if (!isStranger) toast(error.message, true); return; }
      drawBanners();
      await sleep(1000);
    }
  }
  page("source").textContent = start.source;
  page("source").title = [start.source, start.model && `model: ${start.model}`, `labels: ${start.labels}`].filter(Boolean).join("\n");
  await poll();
  await show(start.kind === "good" ? "oddest" : now.learning && now.labelled && now.unlabelled ? "mixed" : "likeness");
  page("cells").focus({ preventScroll: true });
}
begin();
