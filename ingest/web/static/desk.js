// The desk's keys, the picture, and the boxes on it. Everything that changes something is a form of the page.
(() => {
  "use strict";
  const REST_MS = 350; // keys that were meant for the item before
  let resting = 0;
  let zoom = 1;
  let turn = 0;
  let withBits = false;
  let withBoxes = true;

  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (element) => element && (element.isContentEditable || /^(input|select|textarea)$/i.test(element.tagName));

  function sheet() { return one(".sheet:not([hidden])"); }

  function fit() {
    const view = one("[data-view]");
    const page = sheet();
    if (!view || !page) return;
    const wide = view.clientWidth - 16;
    page.style.width = `${Math.max(100, wide * zoom)}px`;
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
    if (split && all("option", split).some((option) => option.value === number)) split.value = number;
    fit();
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
    help: () => { const help = one("#help"); if (help && !help.open) help.showModal(); },
  };

  function marks() {
    document.body.classList.toggle("no-boxes", !withBoxes);
    document.body.classList.toggle("with-bits", withBits);
    const boxes = one('[data-do="boxes"]');
    const bits = one('[data-do="bits"]');
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
    const desk = one("#desk[data-item]");
    if (desk) {
      document.title = `${desk.dataset.item} · Paperchart`;
      const title = one("#item-title");
      if (title) title.focus({ preventScroll: true });
      const { following, followingPage, followingVersion } = desk.dataset;
      if (following && followingPage) new Image().src = `/review/documents/${following}/pages/${followingPage}?v=${followingVersion}&ahead=1`;
    }
  }

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
      if (one("[data-asks]")) { one("#message").replaceChildren(); event.preventDefault(); }
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
    if (event.repeat) return;
    const asks = one("[data-asks]");
    let key = event.key === "=" ? "+" : event.key;
    if (!asks && key === "n") key = "PageDown";
    if (!asks && key === "p") key = "PageUp";
    const wanted = all("[data-key]", asks || document).find((element) => element.dataset.key === key && !element.closest("[hidden]"));
    if (!wanted) return;
    event.preventDefault();
    if (wanted.tagName === "DETAILS") { wanted.open = true; const first = one("input:not([type=hidden]), select", wanted); if (first) first.focus(); return; }
    if (wanted.tagName === "INPUT") { wanted.focus(); wanted.select(); return; }
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
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target && event.detail.target.id === "desk") rest();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target && event.detail.target.id === "desk") begin();
    const asks = one("[data-asks] [data-first]");
    if (asks && event.detail.target.id === "message") { rest(); asks.focus(); }
  });
  document.addEventListener("DOMContentLoaded", () => {
    begin();
    const idle = Number(document.body.dataset.idle);
    if (!idle) return;
    let last = Date.now();
    for (const sign of ["keydown", "pointerdown"]) document.addEventListener(sign, () => { last = Date.now(); }, true);
    setInterval(() => { if (Date.now() - last > idle * 1000 + 2000) location.assign("/review"); }, 5000);
  });
})();
