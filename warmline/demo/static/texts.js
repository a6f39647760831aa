// The texts of one phone: what came, what was written, and a field to write in.
"use strict";

class Thread {
  constructor(phone) {
    this.phone = phone;
    this.known = new Set();
    this.unread = 0;
    this.build();
  }

  build() {
    const box = this.phone.find(".texts");
    const field = this.phone.find(".write textarea");
    this.phone.find(".thread").setAttribute("aria-label", `Texts of ${this.phone.name}`);
    this.phone.find(".write label span").textContent = `${this.phone.name} writes to the line`;
    this.phone.find(".hint").textContent = this.phone.isCaller
      ? "Try: Hello. BYE ends a talk."
      : "Try: SHIFTS, OPEN, IN, WORDS. OK takes a talk.";
    box.addEventListener("toggle", () => this.read());
    this.phone.find(".write").addEventListener("submit", (event) => {
      event.preventDefault();
      if (!field.value.trim()) return;
      wish("write", this.phone.name, field.value);
      field.value = "";
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.phone.find(".write").requestSubmit();
    });
  }

  read() {
    if (!this.phone.find(".texts").open) return;
    this.unread = 0;
    this.phone.find(".thread").scrollTop = this.phone.find(".thread").scrollHeight;
    write(this.phone.find(".texts-title"), "Texts");
  }

  show(texts) {
    const thread = this.phone.find(".thread");
    for (const { id, words, at, mine } of texts) {
      if (this.known.has(id)) continue;
      this.known.add(id);
      const bubble = document.createElement("p");
      bubble.className = mine ? "mine" : "came";
      const from = document.createElement("span");
      from.className = "from";
      from.textContent = mine ? `${this.phone.name}: ` : "The line: ";
      const when = document.createElement("span");
      when.className = "at quiet";
      when.textContent = ` ${at}`;
      bubble.append(from, words, when);
      thread.append(bubble);
      if (!mine) this.unread += 1;
      thread.scrollTop = thread.scrollHeight;
    }
    if (this.phone.find(".texts").open) this.unread = 0;
    write(this.phone.find(".texts-title"), this.unread ? `Texts (${this.unread} new)` : "Texts");
  }
}
