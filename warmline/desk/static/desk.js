// Comforts for the desk: whatever is done here can be done without a script too.
"use strict";

const TOAST = 10000;

// The board moves by itself: the server sends it anew whenever something has changed.
function watchBoard() {
  const board = document.querySelector("[data-live]");
  if (!board || !window.EventSource) return;
  const events = new EventSource(board.dataset.live);
  events.addEventListener("board", (event) => renew(board, event.data));
  events.addEventListener("over", () => { events.close(); location.reload(); });
  window.addEventListener("pagehide", () => events.close());
}

// What is as it was stays untouched.
function renew(board, html) {
  const fresh = document.createElement("div");
  fresh.innerHTML = html;
  if (fresh.innerHTML.trim() === board.innerHTML.trim()) return;
  const comeBack = holdFocus(board);
  board.replaceChildren(...fresh.childNodes);
  comeBack();
}

// Whoever is on a link of a part that is sent anew is on the same link of the new one afterwards.
function holdFocus(part) {
  const held = document.activeElement;
  if (!part || held === part || !part.contains(held)) return () => {};
  const words = held.textContent.trim();
  return () => {
    const main = document.getElementById("main");
    const alike = [...main.querySelectorAll(held.tagName)]
      .filter((one) => one.id === held.id && one.textContent.trim() === words);
    (alike.find((one) => one.offsetParent) || main).focus({ preventScroll: true });
  };
}

// What was just done, with its undo, stands before everything else for ten seconds; for longer
// while it is pointed at or holds the focus. Undo stays in the roster's bar.
function toast() {
  const said = document.querySelector("[data-toast]");
  if (!said) return;
  said.classList.add("toast");
  const away = () => {
    if (said.matches(":hover, :focus-within")) setTimeout(away, TOAST);
    else said.hidden = true;
  };
  setTimeout(away, TOAST);
}

// Keys: never while somebody writes, and single ones only where they are not switched off.
function onKey(event) {
  if (event.defaultPrevented || event.target.closest("input, select, textarea, dialog")) return;
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && key === "z" && !event.altKey) {
    return press(event.shiftKey ? "redo" : "undo", event);
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.documentElement.dataset.keys === "off") return;
  if (key === "?") return help(event);
  if (key === "/") return find(event);
  if (event.shiftKey) return;
  if (key === "t" || key === "n") press(key, event);
  const sideways = { arrowleft: "left", arrowright: "right" }[key];
  if (sideways && !event.target.closest(".scroll")) press(sideways, event);
}

function press(name, event) {
  const found = document.querySelector(`[data-key="${name}"]:not([disabled])`);
  if (!found) return;
  event.preventDefault();
  found.click();
}

function find(event) {
  const field = document.getElementById("find");
  if (!field) return;
  event.preventDefault();
  const folded = field.closest("details");
  if (folded) folded.open = true;
  field.focus();
}

// The list of keys is a page of its own; here it is shown over this one.
async function help(event) {
  event.preventDefault();
  const link = document.querySelector("[data-key=help]");
  if (!link || document.querySelector("dialog[open]")) return;
  const page = await (await fetch(link.href)).text();
  const list = new DOMParser().parseFromString(page, "text/html").querySelector("[data-help]");
  if (!list) return link.click();
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", link.textContent);
  dialog.append(list);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  list.querySelector("form[method=dialog]").hidden = false;
  dialog.showModal();
}

let comeBack = () => {};
document.addEventListener("htmx:before:swap", () => {
  comeBack = holdFocus(document.getElementById("main"));
});
document.addEventListener("htmx:after:swap", () => comeBack());
document.addEventListener("DOMContentLoaded", () => { watchBoard(); toast(); });
document.addEventListener("keydown", onKey);
