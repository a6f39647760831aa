// Comforts for the desk: whatever is done here can be done without a script too.
"use strict";

const DAY = 86400000;

// The board moves by itself: the server sends it anew whenever something has changed.
function watchBoard() {
  const board = document.querySelector("[data-live]");
  if (!board || !window.EventSource) return;
  const events = new EventSource(board.dataset.live);
  events.addEventListener("board", (event) => { board.innerHTML = event.data; });
  events.addEventListener("over", () => { events.close(); location.reload(); });
  window.addEventListener("pagehide", () => events.close());
}

// Single keys, never while somebody writes: t today, n new, arrows with Alt earlier and later.
function onKey(event) {
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  const undo = (event.ctrlKey || event.metaKey) && key === "z";
  if (undo) return press(event.shiftKey ? "redo" : "undo", event);
  if (event.ctrlKey || event.metaKey) return;
  const grid = event.target.closest("[data-grid]");
  if (grid && key.startsWith("arrow")) return event.altKey ? move(event) : step(grid, event);
  if (event.altKey) return;
  if (key === "t" || key === "n") press(key, event);
}

function press(name, event) {
  const found = document.querySelector(`[data-key="${name}"]:not([disabled])`);
  if (!found) return;
  event.preventDefault();
  found.click();
}

// Arrows go from cell to cell of the roster.
function step(grid, event) {
  const cell = event.target.closest("td, th");
  const row = cell && cell.parentElement;
  if (!row) return;
  const [down, right] = {
    arrowdown: [1, 0], arrowup: [-1, 0], arrowright: [0, 1], arrowleft: [0, -1],
  }[event.key.toLowerCase()] || [0, 0];
  const rows = [...grid.rows];
  for (let y = rows.indexOf(row) + down, x = cell.cellIndex + right; rows[y] && rows[y].cells[x];
    y += down, x += right) {
    const link = rows[y].cells[x].querySelector("a");
    if (link) { event.preventDefault(); link.focus(); return; }
  }
}

// A shift is moved: by Alt and arrows a day or fifteen minutes, with Shift its end, or dragged.
function move(event) {
  const place = event.target.closest("[data-place]");
  if (!place) return;
  event.preventDefault();
  const by = { arrowleft: -DAY, arrowright: DAY, arrowup: -900000, arrowdown: 900000 };
  const far = by[event.key.toLowerCase()];
  send(place.dataset.place, far, event.shiftKey ? "end" : "both");
}

async function send(place, far, what, person) {
  const page = await (await fetch(`/desk/place/${place}`)).text();
  const form = new DOMParser().parseFromString(page, "text/html")
    .querySelector(`form[action="/desk/place/${place}"]`);
  if (!form) return location.reload();
  document.body.append(form);
  form.hidden = true;
  const field = (name) => form.elements.namedItem(name);
  if (what !== "end") shift(field("day"), field("starts"), far);
  shift(field("ends_day"), field("ends"), far);
  if (person !== undefined) field("who").value = person;
  form.requestSubmit();
}

function shift(day, time, far) {
  const moved = new Date(Date.parse(`${day.value}T${time.value}:00Z`) + far).toISOString();
  day.value = moved.slice(0, 10);
  time.value = moved.slice(11, 16);
}

// Dragging: a shift onto another day or person. The form that it saves is the one of its page.
let dragged = null;

function onDown(event) {
  const place = event.target.closest("[data-grid] [data-place]");
  if (!place || event.button !== 0 || event.pointerType === "touch") return;
  dragged = { place, x: event.clientX, y: event.clientY, over: null, moving: false };
}

function onMove(event) {
  if (!dragged) return;
  const far = Math.abs(event.clientX - dragged.x) + Math.abs(event.clientY - dragged.y);
  if (!dragged.moving && far < 8) return;
  dragged.moving = true;
  dragged.place.classList.add("picked");
  const below = document.elementFromPoint(event.clientX, event.clientY);
  const cell = below && below.closest("[data-grid] td[data-date]");
  if (cell === dragged.over) return;
  if (dragged.over) dragged.over.classList.remove("drop");
  if (cell) cell.classList.add("drop");
  dragged.over = cell;
}

function onUp() {
  const was = dragged;
  dragged = null;
  if (!was || !was.moving) return;
  was.place.classList.remove("picked");
  was.place.addEventListener("click", (click) => click.preventDefault(), { once: true });
  if (!was.over) return;
  was.over.classList.remove("drop");
  const from = was.place.closest("td");
  const days = (Date.parse(was.over.dataset.date) - Date.parse(from.dataset.date)) / DAY;
  const person = was.over.parentElement.dataset.person;
  if (!days && person === from.parentElement.dataset.person) return;
  send(was.place.dataset.place, days * DAY, "both", person === "0" ? "" : person);
}

document.addEventListener("DOMContentLoaded", watchBoard);
document.addEventListener("keydown", onKey);
document.addEventListener("pointerdown", onDown);
document.addEventListener("pointermove", onMove);
document.addEventListener("pointerup", onUp);
document.addEventListener("dragstart", (event) => {
  if (event.target.closest("[data-grid] [data-place]")) event.preventDefault();
});
