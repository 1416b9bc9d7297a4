/* The confusion matrix as a way in: a cell shows its pictures. */
async function openMatrix() {
  const dialog = page("matrix");
  let value;
  try { value = await ask("/api/confusion"); } catch (error) { toast(error.message, true); return; }
  const { classes, matrix } = value, go = (truth, predicted) => { dialog.close(); show("cell", { truth, predicted }); page("cells").focus({ preventScroll: true }); };
  const sums = matrix.map(row => Math.max(1, row.reduce((sum, n) => sum + n, 0)));
  const box = (row, column) => {
    const n = matrix[row][column], kind = row === column ? "right" : "wrong";
    const cell = make("td", { class: n ? kind : "", "--share": `${Math.round(14 + 60 * n / sums[row])}%` });
    if (n) cell.append(button(String(n), () => go(classes[row], classes[column]), { "aria-label": `Labelled ${classes[row]}, predicted ${classes[column]}: ${count(n, "picture")}`, title: `labelled ${classes[row]}, predicted ${classes[column]}` }));
    return cell;
  };
  const head = (name, scope) => make("th", { scope, title: name }, make("span", {}, make("bdi", {}, name)));
  const n_wrong = matrix.flatMap((row, at) => row.filter((n, to) => to !== at)).reduce((sum, n) => sum + n, 0);
  dialog.replaceChildren(make("header", {}, make("h2", {}, "Confusion matrix"), button(["Close ", kbd("Esc")], () => dialog.close(), { autofocus: true })),
    classes.length ? make("p", {}, "Rows: your labels. Columns: what the model says when it is trained without the label. ", make("b", {}, n_wrong ? `${count(n_wrong, "label")} off the diagonal: ` : "Nothing off the diagonal. "), n_wrong ? "click a number to see these pictures." : "")
      : make("p", {}, "There is nothing to show yet: the model learns as soon as two classes have labels."),
    classes.length ? make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Matrix" }, make("table", { class: classes.length > 8 ? "dense" : "" },
      make("thead", {}, make("tr", {}, make("th", { class: "corner" }, "label \\ predicted"), ...classes.map(name => head(name, "col")))),
      make("tbody", {}, ...classes.map((name, row) => make("tr", {}, head(name, "row"), ...classes.map((_, column) => box(row, column))))))) : "");
  if (!dialog.open) dialog.showModal();
}
page("open-matrix").onclick = openMatrix;
on("learned", () => { if (page("matrix").open) openMatrix(); });
