// Ties the marks of a document to the list of its facts: filter by kind, light up, jump, and follow #char=begin,end.
"use strict";
(() => {
  const marks = [...document.querySelectorAll("mark[data-facts]")];
  const facts = new Map([...document.querySelectorAll("#facts > li")].map((item) => [item.value + "", item]));
  const byFact = new Map();
  for (const mark of marks) {
    for (const fact of mark.dataset.facts.split(" ")) {
      byFact.set(fact, [...(byFact.get(fact) || []), mark]);
    }
  }
  const shown = () =>
    new Set([...document.querySelectorAll("#legend input:checked")].map((input) => input.value));

  function filter() {
    const kinds = shown();
    for (const mark of marks) {
      const kind = mark.dataset.kinds.split(" ").find((name) => kinds.has(name));
      mark.className = (kind ? "m-" + kind : "off") + (mark.classList.contains("pinned") ? " pinned" : "");
    }
    for (const item of facts.values()) item.classList.toggle("hidden", !kinds.has(item.dataset.kind));
  }

  function light(numbers, scroll) {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    for (const number of numbers) {
      facts.get(number)?.classList.add("lit");
      for (const mark of byFact.get(number) || []) mark.classList.add("lit");
    }
    const item = scroll && facts.get(numbers.find((number) => !facts.get(number)?.classList.contains("hidden")));
    const pane = item && item.closest("aside");
    if (pane) pane.scrollTop = item.offsetTop - pane.clientHeight / 3;
  }

  function visible(mark) {
    const kinds = shown();
    return mark.dataset.facts.split(" ").filter((number) => kinds.has(facts.get(number)?.dataset.kind));
  }

  // The triples of a fact, fetched into their place beside the text; where that fails, the link itself is followed.
  const pane = document.getElementById("triples");
  const list = document.getElementById("facts");
  async function show(link) {
    try {
      const answer = await fetch(`${list.dataset.triples}?fact=${encodeURIComponent(link.dataset.fact)}`);
      if (!answer.ok) throw new Error(answer.statusText);
      pane.innerHTML = await answer.text();
    } catch {
      location.href = link.href;
      return;
    }
    pane.hidden = false;
    for (const other of list.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
  }
  const linkOf = (number) => facts.get(number)?.querySelector("a[data-fact]");

  for (const mark of marks) {
    mark.addEventListener("mouseenter", () => light(visible(mark), false));
    mark.addEventListener("click", (event) => {
      event.preventDefault();
      const numbers = visible(mark);
      light(numbers, true);
      const link = linkOf(numbers[0]);
      if (link) show(link);
    });
  }
  list?.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-fact]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const number = link.closest("li").value + "";
    light([number], false);
    (byFact.get(number) || [])[0]?.scrollIntoView({ block: "center" });
    show(link).then(() => pane.closest("aside").scrollTo({ top: 0 }));
  });
  // A place leads to its mark: all marks that begin there light up.
  document.getElementById("beside")?.addEventListener("click", (event) => {
    const place = event.target.closest("a[href^='#c']");
    const mark = place && document.getElementById(place.hash.slice(1));
    if (mark?.dataset.facts) light(visible(mark), false);
  });
  for (const [number, item] of facts) item.addEventListener("mouseenter", () => light([number], false));
  document.getElementById("legend")?.addEventListener("change", filter);

  // A mark lights up with all that its facts were read from; code-point offsets (RFC 5147) become a selection in the text.
  function follow() {
    const place = /^#c\d+$/.test(location.hash) ? document.getElementById(location.hash.slice(1)) : null;
    if (place?.dataset.facts) light(visible(place), true);
    const match = /^#char=(\d+),(\d+)$/.exec(decodeURIComponent(location.hash));
    const text = document.getElementById("text");
    if (!match || !text) return;
    const range = document.createRange();
    let passed = 0;
    const [begin, end] = [Number(match[1]), Number(match[2])];
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const points = [...node.data];
      const units = (count) => points.slice(0, count).join("").length;
      if (begin >= passed && begin < passed + points.length) range.setStart(node, units(begin - passed));
      if (end > passed && end <= passed + points.length) range.setEnd(node, units(end - passed));
      passed += points.length;
    }
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    range.startContainer.parentElement.scrollIntoView({ block: "center" });
  }
  addEventListener("hashchange", follow);
  follow();
})();
