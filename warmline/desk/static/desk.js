// Comforts for the desk: whatever is done here can be done without a script too.
"use strict";

// The board moves by itself: the server sends it anew whenever something has changed.
function watchBoard() {
  const board = document.querySelector("[data-live]");
  if (!board || !window.EventSource) return;
  const events = new EventSource(board.dataset.live);
  events.addEventListener("board", (event) => { board.innerHTML = event.data; });
  events.addEventListener("over", () => { events.close(); location.reload(); });
  window.addEventListener("pagehide", () => events.close());
}

document.addEventListener("DOMContentLoaded", watchBoard);
