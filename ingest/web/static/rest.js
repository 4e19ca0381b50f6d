// For a moment after the item changes nothing is decided: keys and clicks that were meant for the item before.
const REST_MS = 350;
let waking = 0;

export function rest() {
  clearTimeout(waking);
  document.body.dataset.resting = "";
  waking = setTimeout(() => { delete document.body.dataset.resting; }, REST_MS);
}

export const resting = () => "resting" in document.body.dataset;

// A second click of a hand that meant the item before; what keys and screen readers click has no count.
document.addEventListener("click", (event) => {
  const act = event.detail > 0 && resting() && event.target.closest("#desk form");
  if (act) { event.preventDefault(); event.stopPropagation(); }
}, true);
