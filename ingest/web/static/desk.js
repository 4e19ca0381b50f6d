// The desk's keys, the picture, and the boxes on it. Everything that changes something is a form of the page.
(() => {
  "use strict";
  const REST_MS = 350; // keys that were meant for the item before
  const UPRIGHT = 1.3; // height to width of a page whose picture has not come yet
  let resting = 0;
  let ahead = null; // the next item's first picture: {url, blob}
  let zoom = 1;
  let turn = 0;
  let withBits = false;
  let withBoxes = true;
  const KEYS = "paperchart-keys"; // "off" for who would rather not decide by a single key
  let keysOn = true;
  try { keysOn = localStorage.getItem(KEYS) !== "off"; } catch { /* on then */ }

  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (element) => element && (element.isContentEditable || /^(input|select|textarea)$/i.test(element.tagName));

  function sheet() { return one(".sheet:not([hidden])"); }

  function fit() {
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
  function splittable(yes) {
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

  const acts = {
    "page-back": () => step(-1),
    "page-on": () => step(1),
    "zoom-in": () => { zoom = Math.min(6, zoom * 1.25); fit(); },
    "zoom-out": () => { zoom = Math.max(0.3, zoom / 1.25); fit(); },
    "zoom-fit": () => { zoom = 1; turn = 0; fit(); },
    rotate: () => { turn = (turn + 90) % 360; fit(); },
    boxes: () => { withBoxes = !withBoxes; marks(); },
    bits: () => { withBits = !withBits; marks(); },
    keys: () => { keysOn = !keysOn; try { localStorage.setItem(KEYS, keysOn ? "on" : "off"); } catch { /* for this page */ } marks(); },
    help: () => { const help = one("#help"); if (help && !help.open) help.showModal(); },
  };

  function marks() {
    document.body.classList.toggle("no-boxes", !withBoxes);
    document.body.classList.toggle("with-bits", withBits);
    const boxes = one('[data-do="boxes"]');
    const bits = one('[data-do="bits"]');
    const keys = one('[data-do="keys"]');
    if (keys) keys.setAttribute("aria-pressed", String(keysOn));
    if (boxes) boxes.setAttribute("aria-pressed", String(withBoxes));
    if (bits) bits.setAttribute("aria-pressed", String(withBits));
  }

  function rest() {
    clearTimeout(resting);
    document.body.dataset.resting = "";
    resting = setTimeout(() => { delete document.body.dataset.resting; }, REST_MS);
  }

  function begin() {
    rest();
    zoom = 1;
    turn = 0;
    marks();
    fit();
    if (one("[data-split]")) splittable(false);
    const desk = one("#desk[data-item]");
    if (desk) {
      document.title = `${desk.dataset.item} · Paperchart`;
      const title = one("#item-title");
      if (title) title.focus({ preventScroll: true });
      const { following, followingPage, followingVersion } = desk.dataset;
      if (following && followingPage) fetchAhead(`/review/documents/${following}/pages/${followingPage}?v=${followingVersion}`);
    }
  }

  // Kept in memory only; `preparing` tells the desk that nobody has seen it yet.
  async function fetchAhead(url) {
    if (ahead && ahead.url === url) return;
    if (ahead) URL.revokeObjectURL(ahead.blob);
    ahead = null;
    try {
      const answer = await fetch(url, { headers: { "X-Preparing": "yes" } });
      if (answer.ok) ahead = { url, blob: URL.createObjectURL(await answer.blob()) };
    } catch { /* it is asked for when it is shown */ }
  }

  // The picture that was fetched ahead stands in the next item at once.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const place = ahead && `<img src="${ahead.url}"`;
    if (!place || !event.detail.serverResponse || !event.detail.serverResponse.includes(place)) return;
    event.detail.serverResponse = event.detail.serverResponse.replace(place, `<img src="${ahead.blob}"`);
    fetch(ahead.url, { method: "HEAD" }).catch(() => {}); // now somebody sees it, which is recorded
  });

  function say(words) {
    const place = one("#message");
    if (!place) return;
    const told = document.createElement("p");
    told.className = "wrong";
    told.setAttribute("role", "alert");
    told.textContent = words;
    place.replaceChildren(told);
  }

  const UNREACHED = "The desk does not answer: nothing was decided. Try again in a moment, or load the page again.";
  for (const trouble of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(trouble, () => say(UNREACHED));
  // What no page of the desk is, a proxy's word for a desk that is away say, takes no item's place.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (status >= 500 && !event.detail.xhr.getResponseHeader("HX-Retarget")) { event.detail.shouldSwap = false; say(UNREACHED); }
  });

  // A second click of a hand that meant the item before; what keys and screen readers click has no count.
  document.addEventListener("click", (event) => {
    const act = event.detail > 0 && "resting" in document.body.dataset && event.target.closest("#desk form");
    if (act) { event.preventDefault(); event.stopPropagation(); }
  }, true);

  document.addEventListener("load", (event) => { if (event.target.closest && event.target.closest(".sheet")) fit(); }, true);

  document.addEventListener("change", (event) => { if (event.target.closest("[data-split]")) splittable(true); });

  document.addEventListener("click", (event) => {
    const target = event.target;
    const doing = target.closest("[data-do]");
    if (doing && acts[doing.dataset.do]) { acts[doing.dataset.do](); return; }
    const page = target.closest("[data-page]");
    if (page) { show(page.dataset.page); return; }
    const spot = target.closest("[data-spot]");
    if (spot) { light(spot.dataset.spot); return; }
    if (target.closest("[data-close]")) { one("#message").replaceChildren(); const title = one("#item-title"); if (title) title.focus(); }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = document.activeElement;
    if (event.key === "Escape") {
      if (one("#message [data-asks]")) { one("#message").replaceChildren(); event.preventDefault(); const title = one("#item-title"); if (title) title.focus(); }
      const open = here && here.closest("details[open]");
      if (open) open.open = false;
      if (typing(here)) { const title = one("#item-title"); if (title) title.focus(); }
      return;
    }
    const inFound = here && here.closest("#found");
    if ((here && here.id === "q") || inFound) {
      const found = all("#found button");
      const at = found.indexOf(here);
      if (event.key === "ArrowDown" && found[at + 1]) { found[at + 1].focus(); event.preventDefault(); return; }
      if (event.key === "ArrowUp" && inFound) { (found[at - 1] || one("#q")).focus(); event.preventDefault(); return; }
      if (here.id === "q" && event.key === "Enter") { event.preventDefault(); return; }
    }
    if (typing(here) || one("dialog[open]")) return;
    if (here && here.closest("button, a, summary") && (event.key === "Enter" || event.key === " ")) return;
    if ("resting" in document.body.dataset) { event.preventDefault(); return; }
    if (event.repeat || (!keysOn && event.key !== "?")) return;
    const asks = one("[data-asks]");
    let key = event.key === "=" ? "+" : event.key;
    if (!asks && key === "n") key = "PageDown";
    if (!asks && key === "p") key = "PageUp";
    const wanted = all("[data-key]", asks || document).find((element) => element.dataset.key === key && !element.closest("[hidden]"));
    if (!wanted) return;
    event.preventDefault();
    if (wanted.tagName === "DETAILS") { wanted.open = true; const first = one("input:not([type=hidden]), select", wanted); if (first) first.focus(); return; }
    if (wanted.tagName === "INPUT") { wanted.focus(); wanted.select(); return; }
    if (wanted.disabled) { const why = one("[data-split-why]"); if (why && wanted.matches("[data-split-act]")) say(why.textContent); return; }
    wanted.click();
  });

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
    acts[event.deltaY < 0 ? "zoom-in" : "zoom-out"]();
  }, { passive: false });

  window.addEventListener("resize", fit);
  // Results that come while a patient is chosen neither take the choice away nor put another patient in its place.
  const patientOf = (form) => form && one("[name=mrn]", form) && one("[name=mrn]", form).value;
  let chosen = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "found") chosen = patientOf(document.activeElement.closest("#found form"));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const { target } = event.detail;
    if (target && target.id === "found" && chosen) {
      const same = all("#found form").find((form) => patientOf(form) === chosen);
      (same ? one("button", same) : one("#q")).focus();
    }
    if (target && (target.id === "desk" || (target.id === "message" && one("[data-asks]")))) rest();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target && event.detail.target.id === "desk") begin();
    const asks = one("[data-asks] [data-first]");
    if (asks && event.detail.target.id === "message") asks.focus();
  });
  // Idle in one tab is idle only when all tabs of the desk are; the server ends the session by itself as well.
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
  document.addEventListener("DOMContentLoaded", () => {
    begin();
    const asks = one("[data-asks] [data-first]");
    if (asks) asks.focus();
    const idle = Number(document.body.dataset.idle);
    if (!idle) return;
    use(idle);
    for (const sign of ["keydown", "pointerdown"]) document.addEventListener(sign, () => use(idle), true);
    document.addEventListener("htmx:afterRequest", () => { told = Date.now(); });
    setInterval(() => watchIdle(idle), Math.min(5000, idle * 100));
  });
})();
