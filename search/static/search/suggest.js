// Offers names and words below the search box while somebody types. Without this script the box is a box.

const box = document.querySelector("input[data-suggestions]");
const list = box && document.getElementById(box.getAttribute("list"));
const SHORTEST = 2;
let waiting;
let asked;

async function offer() {
  const text = box.value.trim();
  asked?.abort();
  if (text.length < SHORTEST) {
    list.replaceChildren();
    return;
  }
  asked = new AbortController();
  try {
    const address = `${box.dataset.suggestions}?${new URLSearchParams({ text })}`;
    const answer = await fetch(address, { signal: asked.signal, credentials: "same-origin" });
    if (answer.ok) list.innerHTML = await answer.text();
  } catch {
    // offline, or something newer was typed: there is simply nothing to offer
  }
}

box?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(offer, 200);
});
