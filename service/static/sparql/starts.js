// What to start from: templates with places to change, and the named queries with a search.
import { replace } from "./source.js";
import { file, number, t } from "./words.js";

/** `told` shows what has been put into the editor, or what went wrong. */
export function openStarts(told) {
  const templates = document.getElementById("templates");
  const examples = document.getElementById("examples");
  templates.hidden = false;
  templates.addEventListener("click", (event) => {
    const { template } = event.target.dataset;
    if (template) put("templates", template, event.target.textContent);
  });
  examples.addEventListener("click", (event) => {
    const { query } = event.target.dataset;
    if (!query || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    examples.open = false;
    put("queries", query, event.target.textContent);
  });
  search(examples);

  async function put(kind, name, title) {
    let pieces;
    try {
      pieces = [(await file("queries"))[kind][name]].flat();
    } catch {
      told(t("editor.unreachable"));
      return;
    }
    replace(pieces);
    const slots = pieces.filter((piece) => piece.label).length;
    told(t("editor.replaced", { title }) + (slots ? ` ${t("editor.slots", { n: number(slots) })}` : ""));
  }
}

function search(examples) {
  const field = document.getElementById("find");
  field.hidden = false;
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const section of examples.querySelectorAll("section")) {
      const items = [...section.querySelectorAll("li")];
      for (const item of items) {
        item.hidden = !words.every((word) => item.dataset.words.toLowerCase().includes(word));
        found += item.hidden ? 0 : 1;
      }
      section.hidden = items.every((item) => item.hidden);
    }
    document.getElementById("found-none").hidden = found > 0;
  });
}
