// The desk's pages come to life: what begins with an item, and what the server's answers do to the page.
// Everything that changes something is a form of the page.
import { fetchAhead } from "./ahead.js";
import { all, focusTitle, one, say } from "./dom.js";
import { beginIdle } from "./idle.js";
import { closeMessage, markKeys, switchKeys } from "./keys.js";
import { lieFlat, markBoxes, pictureActs, splittable } from "./picture.js";
import { rest } from "./rest.js";

const UNREACHED = "The desk does not answer: nothing was decided. Try again in a moment, or load the page again.";

const acts = {
  ...pictureActs,
  keys: switchKeys,
  help: () => { const help = one("#help"); if (help && !help.open) help.showModal(); },
};

function begin() {
  rest();
  markBoxes();
  markKeys();
  lieFlat();
  if (one("[data-split]")) splittable(false);
  const desk = one("#desk[data-item]");
  if (!desk) return;
  document.title = `${desk.dataset.item} · Paperchart`;
  focusTitle({ preventScroll: true });
  const { following, followingPage, followingVersion } = desk.dataset;
  if (following && followingPage) fetchAhead(`/review/documents/${following}/pages/${followingPage}?v=${followingVersion}`);
}

function focusQuestion() {
  const asks = one("[data-asks] [data-first]");
  if (asks) asks.focus();
}

document.addEventListener("click", ({ target }) => {
  const doing = target.closest("[data-do]");
  if (doing && acts[doing.dataset.do]) acts[doing.dataset.do]();
  if (target.closest("[data-close]")) closeMessage();
});

for (const trouble of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(trouble, () => say(UNREACHED));

const patientOf = (form) => form && one("[name=mrn]", form) && one("[name=mrn]", form).value;
let chosen = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  // What no page of the desk is, a proxy's word for a desk that is away say, takes no item's place.
  if (xhr && xhr.status >= 500 && !xhr.getResponseHeader("HX-Retarget")) { event.detail.shouldSwap = false; say(UNREACHED); }
  if (target.id === "found") chosen = patientOf(document.activeElement.closest("#found form"));
});

document.addEventListener("htmx:afterSwap", (event) => {
  const { target } = event.detail;
  // Results that come while a patient is chosen neither take the choice away nor put another patient in its place.
  if (target && target.id === "found" && chosen) {
    const same = all("#found form").find((form) => patientOf(form) === chosen);
    (same ? one("button", same) : one("#q")).focus();
  }
  if (target && (target.id === "desk" || (target.id === "message" && one("[data-asks]")))) rest();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const { target } = event.detail;
  if (target && target.id === "desk") begin();
  if (target && target.id === "message") focusQuestion();
});

document.addEventListener("DOMContentLoaded", () => {
  begin();
  focusQuestion();
  beginIdle(Number(document.body.dataset.idle));
});
