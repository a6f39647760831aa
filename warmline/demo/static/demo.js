// The demo's page: shows the state that the server streams, and sends what hands do.
"use strict";

const KEYS = "123456789*0#";
const CALLER = "A caller";
const phones = new Map();
const byId = (id) => document.getElementById(id);
let speed = 1;

async function wish(deed, phone, value) {
  await fetch("/do", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ deed, phone, value }),
  });
}

// What was just chosen stays chosen until the line has heard of it: what it tells before is old.
const chosen = new Map();
const HEARD_WITHIN = 1000;

async function choose(deed, phone, value) {
  const what = `${deed} ${phone}`;
  chosen.set(what, value);
  try {
    await wish(deed, phone, value);
  } finally {
    setTimeout(() => { if (chosen.get(what) === value) chosen.delete(what); }, HEARD_WITHIN);
  }
}

function isOld(deed, phone, value) {
  const what = `${deed} ${phone}`;
  if (chosen.get(what) === value) chosen.delete(what);
  return chosen.has(what);
}

// Texts and attributes are only touched when they change, so that nothing is announced twice.
function write(element, words) {
  const text = words.replaceAll("'", "’");
  if (element.textContent !== text) element.textContent = text;
}

function mark(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

// A button that can do nothing now stays where it is and keeps the focus.
function enable(button, able) {
  mark(button, "aria-disabled", !able);
}

function whenPressed(button, deed) {
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") !== "true") deed();
  });
}

class Phone {
  constructor(name) {
    this.name = name;
    this.isCaller = name === CALLER;
    this.roll = 0;
    this.lines = new Map();
    const copy = byId("phone").content.cloneNode(true);
    this.root = copy.querySelector(".phone");
    this.find = (selector) => this.root.querySelector(selector);
    this.build();
    byId(this.isCaller ? "callers" : "volunteers").append(copy);
    this.chip = this.buildChip();
  }

  build() {
    const id = `phone-${this.name.toLowerCase().replace(" ", "-")}`;
    this.root.id = id;
    this.root.setAttribute("aria-labelledby", `${id}-name`);
    this.root.classList.toggle("is-caller", this.isCaller);
    const title = this.find("h3");
    title.id = `${id}-name`;
    title.textContent = this.name;
    this.find(".screen").setAttribute("aria-label", `What ${this.name} hears`);
    this.find(".keys").setAttribute("aria-label", `Keys of ${this.name}`);
    this.buildKeys();
    this.buildSwitch();
    this.thread = new Thread(this);
    whenPressed(this.find(".answer"), () => wish("answer", this.name));
    whenPressed(this.find(".hang-up"), () => wish("hang up", this.name));
    this.root.addEventListener("keydown", (event) => this.typed(event));
  }

  buildKeys() {
    for (const key of KEYS) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.key = key;
      button.textContent = key;
      whenPressed(button, () => this.press(key));
      this.find(".keys").append(button);
    }
  }

  buildSwitch() {
    const box = this.find(".switch input");
    const label = this.isCaller ? "Say it aloud" : "Picks up by itself and presses 1";
    this.find(".switch span").textContent = label;
    if (this.isCaller) box.addEventListener("change", () => voice.turn(box.checked));
    else box.addEventListener("change", () => choose("by itself", this.name, box.checked));
  }

  buildChip() {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${this.root.id}`;
    item.append(link);
    byId("chips").append(item);
    return link;
  }

  press(key) {
    const button = this.find(`[data-key="${key}"]`);
    button.classList.add("pressed");
    setTimeout(() => button.classList.remove("pressed"), 150);
    wish("press", this.name, key);
  }

  typed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS.includes(event.key)) return;
    if (this.root.dataset.state !== "call" || event.target.matches("textarea")) return;
    event.preventDefault();
    this.press(event.key);
  }

  show(phone) {
    const { state } = phone;
    mark(this.root, "data-state", state);
    mark(this.root, "data-talking", phone.talking);
    write(this.find(".state"), phone.words);
    write(this.find(".shows"), phone.shows || "Quiet");
    write(this.find(".answer"), { idle: "Call", ringing: "Pick up", call: "Call" }[state]);
    enable(this.find(".answer"), state !== "call");
    enable(this.find(".hang-up"), state !== "idle");
    for (const key of this.find(".keys").children) enable(key, state === "call");
    if (!this.isCaller && !isOld("by itself", phone.name, phone.byItself)) {
      this.find(".switch input").checked = phone.byItself;
    }
    const rings = state === "ringing";
    write(this.chip, rings ? `${this.name} rings` : this.name);
    mark(this.chip, "data-state", state);
    this.showLines(phone);
    this.thread.show(phone.texts);
  }

  showLines({ roll, lines, state }) {
    const screen = this.find(".screen");
    const followed = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 40;
    if (roll !== this.roll) {
      this.roll = roll;
      this.lines.clear();
      screen.replaceChildren();
    }
    const fresh = lines.filter((line) => !this.lines.has(line.id));
    for (const line of lines) this.showLine(screen, line);
    if (fresh.length && followed) screen.scrollTop = screen.scrollHeight;
    if (this.isCaller) voice.follow(lines.filter((line) => line.said).at(-1), state);
  }

  showLine(screen, line) {
    let element = this.lines.get(line.id);
    if (!element) {
      element = document.createElement("p");
      element.className = line.said ? "said" : "done";
      if (line.lang) element.lang = line.lang;
      this.lines.set(line.id, element);
      screen.append(element);
    }
    write(element, line.cut ? `${line.text} …` : line.text);
  }
}

// What the caller hears, spoken by the browser; off until switched on.
const voice = {
  on: false,
  latest: null,
  turn(on) {
    this.on = on;
    if (!on) window.speechSynthesis?.cancel();
  },
  follow(line, state) {
    const isNew = line && line.id !== this.latest?.id;
    const isCut = line && line.cut && !this.latest?.cut;
    if (this.on && (isCut || state === "idle" || speed === 0)) window.speechSynthesis?.cancel();
    if (this.on && isNew && !line.cut && state === "call") this.say(line);
    this.latest = line;
  },
  say(line) {
    const words = new SpeechSynthesisUtterance(line.text);
    words.lang = line.lang || "en-US";
    words.rate = Math.min(3, Math.max(0.5, speed));
    window.speechSynthesis?.speak(words);
  },
};

function showTold(told, playing) {
  const list = byId("told");
  byId("told-box").hidden = told.length === 0;
  byId("invitation").hidden = told.length > 0;
  if (told.length < list.children.length) list.replaceChildren();
  for (const words of told.slice(list.children.length)) {
    const item = document.createElement("li");
    write(item, words);
    list.append(item);
    byId("told-box").scrollTop = byId("told-box").scrollHeight;
  }
  mark(list, "data-playing", playing);
  enable(byId("play"), !playing);
  const again = told.length ? "Play it once more" : "Play a call for me";
  write(byId("play"), playing ? "Playing a call …" : again);
}

function showTables(tables) {
  const list = byId("tables");
  if (!list.children.length) {
    for (const { what } of tables) {
      const row = document.createElement("div");
      for (const part of ["dt", "dd", "dd"]) row.append(document.createElement(part));
      write(row.children[0], what);
      list.append(row);
    }
  }
  tables.forEach(({ number, detail }, at) => {
    write(list.children[at].children[1], String(number));
    write(list.children[at].children[2], detail);
  });
}

function show(state) {
  speed = state.speed;
  write(byId("time"), state.time);
  write(byId("now"), state.now.join(" "));
  write(byId("kept"), state.kept);
  showTables(state.tables);
  showTold(state.told, state.playing);
  const dial = document.querySelector(`[name="speed"][value="${state.speed}"]`);
  if (dial && !dial.checked && !isOld("speed", null, state.speed)) dial.checked = true;
  for (const phone of state.phones) {
    if (!phones.has(phone.name)) phones.set(phone.name, new Phone(phone.name));
    phones.get(phone.name).show(phone);
  }
}

// Events come as a stream; while the stream is broken the state is fetched instead.
function follow() {
  let asking = null;
  const ask = async () => {
    try {
      show(await (await fetch("/state")).json());
    } catch {
      write(byId("now"), "The demo has ended. Start it again with: warmline demo");
    }
  };
  const events = new EventSource("/events");
  events.onmessage = ({ data }) => show(JSON.parse(data));
  events.onopen = () => {
    clearInterval(asking);
    asking = null;
  };
  events.onerror = () => {
    asking ??= setInterval(ask, 1000);
  };
}

byId("tables-box").open = window.matchMedia("(min-width: 62rem)").matches;
whenPressed(byId("play"), () => wish("play"));
for (const dial of document.querySelectorAll('[name="speed"]')) {
  dial.addEventListener("change", () => choose("speed", null, Number(dial.value)));
}
follow();
