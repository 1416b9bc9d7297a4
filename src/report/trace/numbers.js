/* The numbers of an update, as they were computed, and the step for another rate or momentum. */
const DATA = JSON.parse(document.getElementById("data").textContent);
const SET = DATA.settings;
const HAS_MOMENTUM = ["momentum", "nesterov", "sgd"].includes(SET.optimizer);

function place(rate, momentum) { return rate * DATA.momenta.length + momentum; }

/* Every field by its name, for a run and a place of the sliders. */
function fieldsOf(runAt, rateAt, momentumAt) {
  const run = DATA.runs[runAt], fields = new Map();
  const add = ([name, phase, shape, values]) => fields.set(name, { name, phase, shape, values });
  DATA.runs[0].fields.forEach(add);
  run.fields.forEach(add);
  const rate = DATA.rates[rateAt], momentum = DATA.momenta[momentumAt];
  if (run.moved.length) run.moved[place(rateAt, momentumAt)].forEach(add);
  else if (rate !== SET.rate || (HAS_MOMENTUM && momentum !== DATA.own)) move(fields, run.mistake, rate, momentum);
  return fields;
}

/* v = m v + g and w -= rate v, for other rates and momenta than those of the update. */
function move(fields, mistake, rate, momentum) {
  for (const after of [...fields.values()]) {
    const base = after.name.replace(/_after$/, "");
    const step = fields.get(base + "_step"), before = fields.get(base);
    if (base === after.name || !step) continue;
    const decay = base.endsWith("_weights") ? SET.weight_decay : 0;
    const gradient = fields.get(base + "_gradient").values, old = fields.get(base + "_velocity_before");
    const steps = [], velocities = [];
    step.values.forEach((given, at) => {
      if (!old) { steps.push(given); return; }
      const g = gradient[at] + decay * before.values[at];
      const v = (mistake === "forgetful-momentum" ? 0 : momentum * old.values[at]) + g;
      velocities.push(v);
      steps.push(SET.optimizer === "nesterov" ? g + momentum * v : v);
    });
    const moved = steps.map((s, at) => mistake === "wrong-sign" ? before.values[at] + rate * s : before.values[at] - rate * s);
    fields.set(step.name, { ...step, values: steps });
    fields.set(after.name, { ...after, values: moved });
    if (old) fields.set(base + "_velocity", { ...fields.get(base + "_velocity"), values: velocities });
  }
}

function columns(field) { return field.shape.length ? field.shape[field.shape.length - 1] || 1 : 1; }

function formulaOf(runAt, name, at) {
  const own = DATA.runs[runAt].formulas[name] || DATA.runs[0].formulas[name];
  return own ? own[at] : "";
}

/* A number with five decimals, small and large ones with an exponent. */
function short(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(3);
  const text = value.toFixed(5).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}
