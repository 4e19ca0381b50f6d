// One key for each act of the page: what can be done by a key says so itself (`data-key`).
import { all, focusTitle, one, say, typing } from "./dom.js";
import { resting } from "./rest.js";

const KEPT = "paperchart-keys"; // "off" for who would rather not decide by a single key
let keysOn = true;
try { keysOn = localStorage.getItem(KEPT) !== "off"; } catch { /* on then */ }

export function switchKeys() {
  keysOn = !keysOn;
  try { localStorage.setItem(KEPT, keysOn ? "on" : "off"); } catch { /* for this page */ }
  markKeys();
}

export function markKeys() {
  const keys = one('[data-do="keys"]');
  if (keys) keys.setAttribute("aria-pressed", String(keysOn));
}

export function closeMessage() {
  one("#message").replaceChildren();
  focusTitle();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const here = document.activeElement;
  if (event.key === "Escape") leave(event, here);
  else if (!amongFound(event, here)) act(event, here);
});

function leave(event, here) {
  if (one("#message [data-asks]")) { event.preventDefault(); closeMessage(); }
  const open = here && here.closest("details[open]");
  if (open) open.open = false;
  if (typing(here)) focusTitle();
}

// Up and down between the search and the patients that it found; whether that is what the key was for.
function amongFound(event, here) {
  const inFound = here && here.closest("#found");
  if (!inFound && !(here && here.id === "q")) return false;
  const found = all("#found button");
  const at = found.indexOf(here);
  const next = event.key === "ArrowDown" && found[at + 1];
  const previous = event.key === "ArrowUp" && inFound && (found[at - 1] || one("#q"));
  if (next || previous) (next || previous).focus();
  else if (here.id !== "q" || event.key !== "Enter") return false;
  event.preventDefault();
  return true;
}

function act(event, here) {
  if (typing(here) || one("dialog[open]")) return;
  if (here && here.closest("button, a, summary") && (event.key === "Enter" || event.key === " ")) return;
  if (resting()) { event.preventDefault(); return; }
  if (event.repeat || (!keysOn && event.key !== "?")) return;
  const wanted = wantedBy(event.key);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.tagName === "DETAILS") {
    wanted.open = true;
    const first = one("input:not([type=hidden]), select", wanted);
    if (first) first.focus();
  } else if (wanted.tagName === "INPUT") {
    wanted.focus();
    wanted.select();
  } else if (wanted.disabled) {
    const why = one("[data-split-why]");
    if (why && wanted.matches("[data-split-act]")) say(why.textContent);
  } else {
    wanted.click();
  }
}

// While something is asked, keys answer that and nothing else.
function wantedBy(pressed) {
  const asks = one("[data-asks]");
  let key = pressed === "=" ? "+" : pressed;
  if (!asks && key === "n") key = "PageDown";
  if (!asks && key === "p") key = "PageUp";
  return all("[data-key]", asks || document).find((element) => element.dataset.key === key && !element.closest("[hidden]"));
}
