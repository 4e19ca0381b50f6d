// Short words for the page's elements, and what is said on it.
export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

export function typing(element) {
  return element && (element.isContentEditable || /^(input|select|textarea)$/i.test(element.tagName));
}

export function focusTitle(how = {}) {
  const title = one("#item-title");
  if (title) title.focus(how);
}

export function say(words) {
  const place = one("#message");
  if (!place) return;
  const told = document.createElement("p");
  told.className = "wrong";
  told.setAttribute("role", "alert");
  told.textContent = words;
  place.replaceChildren(told);
}
