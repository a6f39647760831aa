// The roster by hand: shifts are moved, made longer and made new by mouse, keys and long press.
// Each of it has its form: a shift's own page, its page for moving, and the page for a new one.
"use strict";
{
  const DAY = 86400000;
  const MINUTE = 60000;
  const QUARTER = 15 * MINUTE;
  const EDGE = 10;
  const PIXELS = 8;
  const FAR = 8;
  const PRESS = 500;
  const grid = () => document.querySelector("[data-grid]");
  const stepOf = (roster) => Number(roster.dataset.step);

  // One thing of the grid is in the order of Tab, the one that had the focus last.
  function rove(to) {
    const roster = grid();
    if (!roster) return;
    const links = [...roster.querySelectorAll("a")];
    const here = to || links.find((one) => one.classList.contains("place")) || links[0];
    for (const one of links) one.tabIndex = one === here ? 0 : -1;
  }

  function comeBack() {
    rove();
    const place = sessionStorage.getItem("place");
    sessionStorage.removeItem("place");
    const there = place && grid() && grid().querySelector(`[data-place="${place}"]`);
    if (there && there.offsetParent) there.focus();
  }

  // Arrows go from cell to cell; with Alt they move a shift, with Shift too they move its end.
  function onKey(event) {
    const roster = event.target.closest("[data-grid]");
    const key = event.key.toLowerCase();
    if (!roster || !key.startsWith("arrow") || event.ctrlKey || event.metaKey) return;
    if (event.target.matches("input")) return;
    if (event.altKey) move(event, key); else if (!event.shiftKey) step(roster, event, key);
  }

  function step(roster, event, key) {
    const cell = event.target.closest("td, th");
    const row = cell && cell.parentElement;
    if (!row) return;
    const beside = beneath(event.target, key);
    if (beside) { event.preventDefault(); return beside.focus(); }
    const [down, right] = {
      arrowdown: [1, 0], arrowup: [-1, 0], arrowright: [0, 1], arrowleft: [0, -1],
    }[key] || [0, 0];
    const rows = [...roster.rows];
    for (let y = rows.indexOf(row) + down, x = cell.cellIndex + right; rows[y] && rows[y].cells[x];
      y += down, x += right) {
      const links = rows[y].cells[x].querySelectorAll("a");
      const link = key === "arrowup" ? links[links.length - 1] : links[0];
      if (link) { event.preventDefault(); link.focus(); return; }
    }
  }

  // Up and down also reach the other shifts of the same cell.
  function beneath(link, key) {
    if (key !== "arrowup" && key !== "arrowdown") return null;
    const links = [...link.closest("td, th").querySelectorAll("a")];
    return links[links.indexOf(link) + (key === "arrowdown" ? 1 : -1)];
  }

  function move(event, key) {
    const place = event.target.closest("[data-place]");
    if (!place) return;
    event.preventDefault();
    const by = { arrowleft: -DAY, arrowright: DAY, arrowup: -QUARTER, arrowdown: QUARTER };
    send(place.dataset.place, by[key], event.shiftKey ? "end" : "both");
  }

  // A change is saved through the form of the shift's page: its warnings are the same.
  async function send(place, far, what, person) {
    const page = await (await fetch(`/desk/place/${place}`)).text();
    const form = new DOMParser().parseFromString(page, "text/html")
      .querySelector(`form[action="/desk/place/${place}"]`);
    if (!form) return location.reload();
    document.body.append(form);
    form.hidden = true;
    const field = (name) => form.elements.namedItem(name);
    if (what !== "end") shift(field("day"), field("starts"), far);
    if (what !== "start") shift(field("ends_day"), field("ends"), far);
    if (person !== undefined) field("who").value = person;
    sessionStorage.setItem("place", place);
    form.requestSubmit();
  }

  function shift(day, time, far) {
    const moved = new Date(Date.parse(`${day.value}T${time.value}:00Z`) + far).toISOString();
    day.value = moved.slice(0, 10);
    time.value = moved.slice(11, 16);
  }

  // Dragging: a shift to another day or person, one of its edges, or a new one over free hours.
  let drag = null;

  function onDown(event) {
    if (event.pointerType === "touch") return longPress(event);
    const roster = event.target.closest("[data-grid]");
    if (!roster || event.button !== 0 || event.target.closest("input, label")) return;
    const place = event.target.closest("[data-place]");
    const cell = event.target.closest("td[data-date]");
    const from = { x: event.clientX, y: event.clientY, roster, place, cell, moving: false };
    if (place) drag = { ...from, kind: edgeOf(place, event.clientX), over: null };
    else if (cell && !event.target.closest("a")) drag = { ...from, kind: "new" };
    if (drag && drag.kind === "new") event.preventDefault();
  }

  function edgeOf(place, x) {
    const box = place.getBoundingClientRect();
    if (!place.dataset.at || box.width < 4 * EDGE) return "both";
    if (x > box.right - EDGE) return "end";
    return x < box.left + EDGE ? "start" : "both";
  }

  function onMove(event) {
    if (!drag) return;
    const far = Math.abs(event.clientX - drag.x) + Math.abs(event.clientY - drag.y);
    if (!drag.moving && far < FAR) return;
    drag.moving = true;
    if (drag.kind === "both") carry(event);
    else if (drag.kind === "new") draw(event);
    else stretch(event);
  }

  function carry(event) {
    drag.place.classList.add("picked");
    const below = document.elementFromPoint(event.clientX, event.clientY);
    const cell = below && below.closest("[data-grid] td[data-date]");
    if (cell === drag.over) return;
    if (drag.over) drag.over.classList.remove("drop");
    if (cell) cell.classList.add("drop");
    drag.over = cell;
  }

  function stretch(event) {
    drag.place.classList.add("picked");
    const minutes = stepOf(drag.roster) * Math.round((event.clientX - drag.x) / PIXELS);
    const [starts, ends] = drag.place.dataset.at.split(" ").map(minutesOf);
    const length = (ends - starts + 1439) % 1440 + 1;
    const longest = length - stepOf(drag.roster);
    drag.by = drag.kind === "end" ? Math.max(minutes, -longest) : Math.min(minutes, longest);
    const [first, last] = drag.kind === "end" ? [starts, ends + drag.by] : [starts + drag.by, ends];
    label(event, first, last);
  }

  // A day's cell is the day from midnight to midnight; further right is the night after it.
  function draw(event) {
    const box = drag.cell.getBoundingClientRect();
    const every = stepOf(drag.roster);
    const at = (x) => every * Math.round(1440 * (x - box.left) / box.width / every);
    const [one, other] = [at(drag.x), at(event.clientX)].sort((a, b) => a - b);
    drag.first = Math.min(Math.max(one, 0), 1440 - every);
    drag.last = Math.min(Math.max(other, drag.first + every), drag.first + 1440 - every);
    drag.cell.classList.add("drop");
    label(event, drag.first, drag.last);
  }

  function minutesOf(time) {
    const [hours, minutes] = time.split(":").map(Number);
    return 60 * hours + minutes;
  }

  const clock = (minutes) =>
    new Date((minutes + 2880) * MINUTE).toISOString().slice(11, 16);

  function spoken(minutes) {
    const how = { hour: "numeric", minute: "2-digit", timeZone: "UTC" };
    const there = new Date((minutes + 2880) * MINUTE);
    return there.toLocaleTimeString(document.documentElement.lang, how);
  }

  function label(event, first, last) {
    let tip = document.getElementById("tip");
    if (!tip) {
      tip = document.createElement("output");
      tip.id = "tip";
      document.body.append(tip);
    }
    tip.textContent = `${spoken(first)} – ${spoken(last)}`;
    tip.style.translate = `${event.pageX + 12}px ${event.pageY + 12}px`;
  }

  function onUp(event) {
    const was = drag;
    drag = null;
    if (!was) return;
    const tip = document.getElementById("tip");
    if (tip) tip.remove();
    if (was.cell) was.cell.classList.remove("drop");
    if (was.kind === "new") return was.moving ? make(was) : open(was, event);
    if (!was.moving) return;
    was.place.classList.remove("picked");
    was.place.addEventListener("click", (click) => click.preventDefault(), { once: true });
    if (was.kind === "both") drop(was);
    else if (was.by) send(was.place.dataset.place, was.by * MINUTE, was.kind);
  }

  function drop(was) {
    if (!was.over) return;
    was.over.classList.remove("drop");
    const from = was.place.closest("td");
    const days = (Date.parse(was.over.dataset.date) - Date.parse(from.dataset.date)) / DAY;
    const person = was.over.parentElement.dataset.person;
    if (!days && person === from.parentElement.dataset.person) return;
    send(was.place.dataset.place, days * DAY, "both", person === "0" ? "" : person);
  }

  function make(was) {
    const who = was.cell.parentElement.dataset.person;
    const asked = new URLSearchParams({ day: was.cell.dataset.date, starts: clock(was.first) });
    asked.set("ends", clock(was.last));
    if (who !== "0") asked.set("who", who);
    location.assign(`/desk/place/new?${asked}`);
  }

  // A click beside the plus of a free cell is a click on it.
  function open(was, event) {
    const link = was.cell.querySelector(".add");
    if (link && event.target.closest("td") === was.cell) link.click();
  }

  // A long press on a shift opens its page for moving; the same as the button beside it.
  let pressed = 0;

  function longPress(event) {
    const place = event.target.closest("[data-place]");
    clearTimeout(pressed);
    if (!place) return;
    const { clientX: x, clientY: y } = event;
    const done = new AbortController();
    const give = () => { clearTimeout(pressed); done.abort(); };
    const how = { signal: done.signal };
    document.addEventListener("pointerup", give, how);
    document.addEventListener("pointercancel", give, how);
    document.addEventListener("pointermove", (moved) => {
      if (Math.hypot(moved.clientX - x, moved.clientY - y) >= FAR) give();
    }, how);
    pressed = setTimeout(() => {
      done.abort();
      location.assign(`/desk/place/${place.dataset.place}/move`);
    }, PRESS);
  }

  document.addEventListener("DOMContentLoaded", comeBack);
  document.addEventListener("htmx:after:swap", () => rove());
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-grid] a")) rove(event.target);
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onDown);
  document.addEventListener("pointermove", onMove);
  document.addEventListener("pointerup", onUp);
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest("[data-grid] [data-place]")) event.preventDefault();
  });
  document.addEventListener("contextmenu", (event) => {
    if (event.pointerType === "touch" && event.target.closest("[data-place]")) event.preventDefault();
  });
}
