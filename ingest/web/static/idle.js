// Idle in one tab is idle only when all tabs of the desk are; the server ends the session by itself as well.
import { one } from "./dom.js";

const LAST = "paperchart-used";
let used = Date.now();
let told = Date.now(); // when the server last heard of it

function lastUsed() {
  try { return Math.max(used, Number(localStorage.getItem(LAST)) || 0); } catch { return used; }
}

function use(idle) {
  used = Date.now();
  try { localStorage.setItem(LAST, String(used)); } catch { /* each tab for itself then */ }
  const warned = one("#idle");
  if (warned) warned.remove();
  if (used - told > (idle * 1000) / 4) { // somebody who only types or reads is here, too
    told = used;
    fetch("/review/here", { method: "POST", headers: { "X-Token": document.body.dataset.token } }).catch(() => {});
  }
}

function watchIdle(idle) {
  const left = lastUsed() + idle * 1000 - Date.now();
  if (left <= -2000) { location.assign("/review/login"); return; }
  if (left < Math.min(60000, idle * 250) && !one("#idle")) {
    const warning = document.createElement("p");
    warning.id = "idle";
    warning.setAttribute("role", "alert");
    warning.textContent = "You will be logged off in a moment. Press any key to stay.";
    document.body.append(warning);
  }
}

export function beginIdle(idle) {
  if (!idle) return;
  use(idle);
  for (const sign of ["keydown", "pointerdown"]) document.addEventListener(sign, () => use(idle), true);
  document.addEventListener("htmx:afterRequest", () => { told = Date.now(); });
  setInterval(() => watchIdle(idle), Math.min(5000, idle * 100));
}
