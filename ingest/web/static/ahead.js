// The next item's first picture, fetched before anybody asks: it stands in that item at once.
let ahead = null; // {url, blob}

// Kept in memory only; `preparing` tells the desk that nobody has seen it yet.
export async function fetchAhead(url) {
  if (ahead && ahead.url === url) return;
  if (ahead) URL.revokeObjectURL(ahead.blob);
  ahead = null;
  try {
    const answer = await fetch(url, { headers: { "X-Preparing": "yes" } });
    if (answer.ok) ahead = { url, blob: URL.createObjectURL(await answer.blob()) };
  } catch { /* it is asked for when it is shown */ }
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const place = ahead && `<img src="${ahead.url}"`;
  if (!place || !event.detail.serverResponse || !event.detail.serverResponse.includes(place)) return;
  event.detail.serverResponse = event.detail.serverResponse.replace(place, `<img src="${ahead.blob}"`);
  fetch(ahead.url, { method: "HEAD" }).catch(() => {}); // now somebody sees it, which is recorded
});
