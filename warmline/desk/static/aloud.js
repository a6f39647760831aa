// Words are read aloud by the browser's own voice, where it has one on this device.
"use strict";

const voiceFor = (language) =>
  speechSynthesis.getVoices().find((one) => one.localService && one.lang.startsWith(language));

function readAloud(button) {
  const words = document.getElementById(button.getAttribute("aria-controls"));
  speechSynthesis.cancel();
  const spoken = new SpeechSynthesisUtterance(words.textContent);
  spoken.lang = words.lang;
  spoken.voice = voiceFor(words.lang) || null;
  speechSynthesis.speak(spoken);
}

function offer() {
  for (const button of document.querySelectorAll("[data-aloud]")) {
    const words = document.getElementById(button.getAttribute("aria-controls"));
    // No voice of a server is asked: what is promised here is nobody else's to hear.
    button.hidden = !voiceFor(words.lang);
  }
}

if (window.speechSynthesis) {
  for (const button of document.querySelectorAll("[data-aloud]")) {
    button.addEventListener("click", () => readAloud(button));
  }
  offer();
  speechSynthesis.addEventListener("voiceschanged", offer);
}
