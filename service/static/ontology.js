// The filter of the ontology page: shows the terms whose names or definitions hold every word. Without it all are shown.
const box = document.querySelector("#filter");
const terms = [...document.querySelectorAll("[data-words]")];
const groups = [...document.querySelectorAll("[data-group]")];
const count = document.querySelector("#filter-count");

function filter() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const term of terms) {
    term.hidden = !words.every((word) => term.dataset.words.includes(word));
    shown += term.hidden ? 0 : 1;
  }
  for (const group of groups) group.hidden = !group.querySelector("[data-words]:not([hidden])");
  count.textContent = words.length ? `${shown} / ${terms.length}` : "";
}

// An address with an anchor names a term, so a filter that hides it gives way.
function reveal() {
  const term = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (term?.closest("[hidden]")) {
    box.value = "";
    filter();
    term.scrollIntoView();
  }
}

document.querySelector("#filter-form").hidden = false;
document.querySelector("#filter-form").addEventListener("submit", (event) => event.preventDefault());
box.addEventListener("input", filter);
addEventListener("hashchange", reveal);
