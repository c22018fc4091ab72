// Completion: terms and places by their Chinese or English labels, by local name, and the query's own variables.
import { file, language, make, t } from "./words.js";

const MOST = 40;
const WORD = /[?$]?[\p{L}\p{N}_:-]*$/u;
const CJK = /\p{Script=Han}/u;

/** Opens the list at the cursor, whatever has been written. */
export function complete(editor) {
  editor.showHint({ hint, completeSingle: false, closeCharacters: /[\s()[\]{};>,]/ });
}

/** Opens the list while writing, once there is something to go by. */
export function offer(editor) {
  const { composing } = editor.display.input;
  if (editor.state.completionActive || (composing && !composing.done) || editor.somethingSelected()) return;
  const word = wordBefore(editor);
  if (word && (CJK.test(word.text) || word.text.length > 1)) complete(editor);
}

function wordBefore(editor) {
  const to = editor.getCursor();
  const type = editor.getTokenTypeAt(to) ?? "";
  if (/comment|string/.test(type)) return null;
  const text = WORD.exec(editor.getLine(to.line).slice(0, to.ch))[0];
  return { text, from: { line: to.line, ch: to.ch - text.length }, to };
}

function hint(editor, show) {
  const word = wordBefore(editor);
  if (!word) return show(null);
  if (/^[?$]/.test(word.text)) return show({ list: variables(editor, word), from: word.from, to: word.to });
  file("terms").then(
    ({ terms, prefixes }) => {
      const list = ranked(terms, word.text).map((term) => entry(term, prefixes));
      show({ list, from: word.from, to: word.to });
    },
    () => show(null),
  );
}
hint.async = true;

function variables(editor, word) {
  const all = new Set(editor.getValue().match(/[?$]\w+/g));
  all.delete(word.text);
  const found = [...all].filter((name) => name.startsWith(word.text)).sort();
  return found.map((name) => ({ text: name, render: (item) => draw(item, name, "", t("editor.kind.variable"), "") }));
}

/** The terms that fit, the closest first: exact, beginning, inside; shorter labels before longer. */
function ranked(terms, written) {
  const word = written.toLowerCase();
  const found = [];
  for (const term of terms) {
    const fit = Math.min(...namesOf(term).map((name, place) => closeness(name, word) + place / 100));
    if (fit < 9) found.push([fit, term]);
  }
  const length = (term) => (term[language] ?? term.name).length;
  found.sort(([a, one], [b, other]) => a - b || length(one) - length(other) || (one.name < other.name ? -1 : 1));
  return found.slice(0, MOST).map(([, term]) => term);
}

function namesOf(term) {
  const local = term.name.slice(term.name.indexOf(":") + 1);
  const [mine, other] = language === "zh" ? [term.zh, term.en] : [term.en, term.zh];
  return [mine ?? "", other ?? "", local, term.name, ...(term.also ?? [])].map((name) => name.toLowerCase());
}

function closeness(name, word) {
  if (!word) return name ? 3 : 9;
  if (name === word) return 0;
  const at = name.indexOf(word);
  if (at < 0) return 9;
  if (at === 0) return 1;
  return /[\s-]/.test(name[at - 1]) || CJK.test(name) ? 2 : 3;
}

function entry(term, prefixes) {
  const label = term[language] ?? term.en ?? term.zh ?? "";
  const other = language === "zh" ? term.en : term.zh;
  const about = term.about?.[language] ?? (term.also ?? []).join(" · ");
  const kind = [t(`editor.kind.${term.kind}`), other].filter(Boolean).join(" · ");
  return {
    text: term.name,
    render: (item) => draw(item, label, term.name, kind, about),
    hint: (editor, { from, to }) => insert(editor, term.name, from, to, prefixes),
  };
}

function draw(item, label, name, kind, about) {
  item.append(make("b", {}, label), " ", make("code", {}, name), " ", make("small", {}, kind));
  if (about) item.append(make("span", { className: "about" }, about));
}

/** Writes the name, and its PREFIX line where the query has none. */
function insert(editor, name, from, to, prefixes) {
  editor.replaceRange(name, from, to, "complete");
  const prefix = /^([a-z]+):/.exec(name)?.[1];
  if (!prefix || new RegExp(`^\\s*PREFIX\\s+${prefix}:`, "im").test(editor.getValue())) return;
  const line = `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;
  const declared = [...Array(editor.lineCount()).keys()].filter((row) => /^\s*PREFIX\s/i.test(editor.getLine(row)));
  editor.replaceRange(line, { line: declared.length ? declared.at(-1) + 1 : 0, ch: 0 }, undefined, "complete");
}
