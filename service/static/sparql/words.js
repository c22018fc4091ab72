// The words of the page in the reader's language, and the few elements every part needs.

export const page = document.getElementById("editor");
export const language = page.dataset.language;
const table = JSON.parse(page.dataset.words);

/** The text of `messages.csv` with `{name}` replaced by values. */
export function t(key, values = {}) {
  return table[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The text of the key, or of another where there is none. */
export const said = (key, other) => t(key in table ? key : other);

export const number = (value) => Number(value).toLocaleString(language === "zh" ? "zh-CN" : "en");

/** An element with properties and children. Children are nodes or texts: nothing is ever parsed as markup. */
export function make(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** A file that the page names with the digest of its content; fetched once. */
const files = new Map();
export function file(name) {
  if (!files.has(name)) {
    const wanted = fetch(page.dataset[name]).then((response) => {
      if (!response.ok) throw new Error(response.statusText);
      return response.json();
    });
    wanted.catch(() => files.delete(name));
    files.set(name, wanted);
  }
  return files.get(name);
}
