/* What all parts of the page share: elements, events, numbers, what is known of classes and pictures. */
"use strict";
const TOKEN = new URLSearchParams(location.search).get("token") || "";
const KEYS = "123456789abcdefghijklmnopqrstuvwxyz";
const SHAPES = ["svg", "line", "polyline", "circle", "text", "title"];
const page = id => document.getElementById(id);

/* An element; text becomes text, never markup. */
function make(tag, options = {}, ...children) {
  const element = SHAPES.includes(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(options)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key.startsWith("--")) element.style.setProperty(key, value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  return element;
}
const button = (text, onclick, options = {}) => make("button", { type: "button", onclick, ...options }, ...[text].flat());
/* New contents, only where they differ: what stays keeps its focus, and is not read out again. */
function fill(box, ...parts) {
  const next = box.cloneNode(false);
  next.append(...parts.filter(part => part !== null && part !== undefined));
  if (!next.isEqualNode(box)) box.replaceChildren(...next.childNodes);
}
const kbd = key => make("kbd", { "aria-hidden": "true" }, key);
const address = (path, id) => `${path}?id=${id}&token=${encodeURIComponent(TOKEN)}`;
const percent = share => `${Math.round(100 * share)} %`;
const count = (n, one, many = one + "s") => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
const fileName = path => path.slice(path.lastIndexOf("/") + 1) || path;

/* Events between the parts: "state", "labels", "order", "select", "infos", "lost". */
const listeners = {};
const on = (name, run) => (listeners[name] ??= []).push(run);
const tell = (name, value) => (listeners[name] || []).forEach(run => run(value));

let start = { n: 0, kind: "classes", folders: null };
/* The last answer of /api/state. */
let now = { changes: 0, learned: 0, classes: [], labelled: 0, none: 0, unlabelled: 0, failed: 0, order_version: 0, learning: null };
/* Labels as the server has them: a class, false (none of these), or nothing. */
const labels = [];
/* Labels that the server has not acknowledged yet. */
const unsaved = new Map();
/* What /api/pictures said, by id. */
const infos = new Map();

const labelOf = id => (unsaved.has(id) ? unsaved.get(id) : labels[id] ?? null);
const isLabelled = id => labelOf(id) !== null;

/* The names of the classes in the order of their keys, those too that are not saved yet. */
let knownNames = null;
function classNames() {
  if (knownNames) return knownNames;
  const names = start.kind === "good" ? ["good", "defect"] : [];
  for (const { name } of now.classes) if (!names.includes(name)) names.push(name);
  for (const value of unsaved.values()) if (value && !names.includes(value)) names.push(value);
  return knownNames = names;
}
const keyOf = name => KEYS[classNames().indexOf(name)] || "";

/* Hues are a golden angle apart; lightness changes too, for eyes that do not tell hues. */
function colour(name) {
  const at = Math.max(0, classNames().indexOf(name));
  return `oklch(${[0.53, 0.42, 0.48][at % 3]} ${at % 2 ? 0.12 : 0.15} ${(255 + at * 137.5) % 360})`;
}

let toastTimer = 0;
function toast(text, isError = false) {
  page("toast").textContent = text;
  page("toast").className = isError ? "error" : "";
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { page("toast").textContent = ""; }, isError ? 9000 : 4000);
}
/* A mouse click on a button leaves the keys with the pictures, so that Space and Enter do not press it again. */
const backToPictures = () => page(page("look").open ? "look-images" : "cells")?.focus({ preventScroll: true });
document.addEventListener("click", event => {
  if (event.detail > 0 && event.target.closest("button") && !document.querySelector("dialog[open]:not(#look)") && !["INPUT", "SELECT"].includes(document.activeElement.tagName)) backToPictures();
});
