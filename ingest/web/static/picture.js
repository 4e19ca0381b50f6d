// The picture of the page: which page, how large, how it lies, and the boxes on it.
import { all, one } from "./dom.js";

const UPRIGHT = 1.3; // height to width of a page whose picture has not come yet
let zoom = 1;
let turn = 0;
let withBits = false;
let withBoxes = true;

function sheet() { return one(".sheet:not([hidden])"); }

export function fit() {
  const view = one("[data-view]");
  const page = sheet();
  if (!view || !page) return;
  const picture = one("img", page);
  const shape = picture.naturalWidth ? picture.naturalHeight / picture.naturalWidth : UPRIGHT;
  const wide = Math.max(100, (view.clientWidth - 16) * zoom);
  const lies = turn % 180 !== 0; // then what was its height is as wide as the view
  const width = lies ? wide / shape : wide;
  const over = lies ? (width * shape - width) / 2 : 0;
  page.style.width = `${width}px`;
  page.style.margin = lies ? `${8 - over}px ${over}px` : "";
  page.style.transform = turn ? `rotate(${turn}deg)` : "";
  const again = one("[data-rotated]");
  if (again) {
    again.hidden = !turn;
    one("[name=by]", again).value = String(turn);
    one("[name=page]", again).value = page.dataset.sheet;
  }
}

function show(number) {
  const wanted = one(`[data-sheet="${number}"]`);
  if (!wanted) return;
  for (const page of all(".sheet")) page.hidden = page !== wanted;
  const picture = one("img", wanted);
  if (picture.dataset.src) { picture.src = picture.dataset.src; delete picture.dataset.src; }
  for (const thumb of all("[data-page]")) thumb.toggleAttribute("aria-current", thumb.dataset.page === number);
  for (const thumb of all("[aria-current]", one(".thumbs") || document)) thumb.setAttribute("aria-current", "true");
  const told = one("[data-pageno]");
  const count = all(".sheet").length;
  if (told) told.textContent = count > 1 ? `Page ${number} of ${count}` : `Page ${number}`;
  const split = one("[data-split]");
  if (split) {
    const begins = all("option", split).some((option) => option.value === number);
    if (begins) split.value = number;
    splittable(begins);
  }
  fit();
}

// The first page begins the document already: there is nothing to split before it.
export function splittable(yes) {
  const button = one("[data-split-act]");
  const why = one("[data-split-why]");
  if (button) button.disabled = !yes;
  if (why) why.hidden = yes;
}

function step(by) {
  const pages = all(".sheet");
  const at = pages.findIndex((page) => !page.hidden) + by;
  if (at >= 0 && at < pages.length) show(pages[at].dataset.sheet);
}

function light(number) {
  const row = one(`tr[data-spot="${number}"]`);
  const lit = row && row.classList.contains("lit");
  for (const mark of all(".lit")) mark.classList.remove("lit");
  for (const button of all(".spot")) button.setAttribute("aria-pressed", "false");
  if (!row || lit) return;
  show(row.dataset.spotPage);
  row.classList.add("lit");
  one(".spot", row).setAttribute("aria-pressed", "true");
  row.scrollIntoView({ block: "nearest" });
  const box = one(`rect[data-spot="${number}"]`);
  if (!box) return;
  box.classList.add("lit");
  const view = one("[data-view]");
  const place = box.getBoundingClientRect();
  const frame = view.getBoundingClientRect();
  if (place.top < frame.top || place.bottom > frame.bottom) view.scrollTop += place.top - frame.top - frame.height / 3;
  if (place.left < frame.left || place.right > frame.right) view.scrollLeft += place.left - frame.left - frame.width / 3;
}

export const pictureActs = {
  "page-back": () => step(-1),
  "page-on": () => step(1),
  "zoom-in": () => { zoom = Math.min(6, zoom * 1.25); fit(); },
  "zoom-out": () => { zoom = Math.max(0.3, zoom / 1.25); fit(); },
  "zoom-fit": lieFlat,
  rotate: () => { turn = (turn + 90) % 360; fit(); },
  boxes: () => { withBoxes = !withBoxes; markBoxes(); },
  bits: () => { withBits = !withBits; markBoxes(); },
};

// The whole width, and as the page lay when it was read.
export function lieFlat() {
  zoom = 1;
  turn = 0;
  fit();
}

export function markBoxes() {
  document.body.classList.toggle("no-boxes", !withBoxes);
  document.body.classList.toggle("with-bits", withBits);
  const boxes = one('[data-do="boxes"]');
  const bits = one('[data-do="bits"]');
  if (boxes) boxes.setAttribute("aria-pressed", String(withBoxes));
  if (bits) bits.setAttribute("aria-pressed", String(withBits));
}

document.addEventListener("load", (event) => { if (event.target.closest && event.target.closest(".sheet")) fit(); }, true);
document.addEventListener("change", (event) => { if (event.target.closest("[data-split]")) splittable(true); });
document.addEventListener("click", ({ target }) => {
  const page = target.closest("[data-page]");
  const spot = page ? null : target.closest("[data-spot]");
  if (page) show(page.dataset.page);
  if (spot) light(spot.dataset.spot);
});
window.addEventListener("resize", fit);

let drag = null;
document.addEventListener("pointerdown", (event) => {
  const view = event.target.closest("[data-view]");
  if (!view || event.target.closest("rect") || event.button !== 0) return;
  drag = { view, x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop };
  view.classList.add("drag");
});
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  drag.view.scrollLeft = drag.left - (event.clientX - drag.x);
  drag.view.scrollTop = drag.top - (event.clientY - drag.y);
});
document.addEventListener("pointerup", () => { if (drag) drag.view.classList.remove("drag"); drag = null; });
document.addEventListener("wheel", (event) => {
  if (!event.ctrlKey || !event.target.closest("[data-view]")) return;
  event.preventDefault();
  pictureActs[event.deltaY < 0 ? "zoom-in" : "zoom-out"]();
}, { passive: false });
