// The text being written: CodeMirror, marks for errors and for what a template leaves to change, and its draft.
import { complete, offer } from "./completion.js";
import { t } from "./words.js";

const DRAFT = "ducha.sparql";
let editor;
let slots = [];
let fault = null;

/** Starts the editor in `parent`. `run` is called on Ctrl-Enter, `changed` when another text stands there. */
export function open(parent, first, run, changed) {
  editor = window.CodeMirror(parent, {
    value: remembered() ?? first,
    mode: "sparql",
    lineNumbers: true,
    lineWrapping: true,
    matchBrackets: true,
    viewportMargin: Infinity,
    indentUnit: 2,
    screenReaderLabel: t("editor.label"),
    extraKeys: {
      "Ctrl-Enter": run,
      "Cmd-Enter": run,
      "Ctrl-Space": () => complete(editor),
      "Ctrl-/": "toggleComment",
      "Cmd-/": "toggleComment",
      Tab: false, // the keyboard goes on to the next control, as everywhere else
      "Shift-Tab": false,
    },
  });
  editor.getInputField().setAttribute("aria-describedby", "help");
  // What is written comes as a change from keyboards and phones, at the end of a composition from input methods.
  const offerSoon = () => setTimeout(() => offer(editor));
  editor.on("change", (_, change) => {
    clearFault();
    keep();
    changed();
    if (change.origin === "+input") offerSoon();
  });
  editor.getInputField().addEventListener("compositionend", offerSoon);
  addEventListener("hashchange", () => {
    const linked = ofLink();
    if (linked === null || linked === text()) return;
    editor.setValue(linked);
  });
  return editor;
}

export const text = () => editor.getValue();

/** Replaces the text; pieces are texts, or `{text, label}` for a place to change. Undo brings the former one back. */
export function replace(pieces) {
  leaveSlots();
  const whole = pieces.map((piece) => piece.text ?? piece).join("");
  editor.setValue(whole);
  let passed = 0;
  for (const piece of pieces) {
    const length = (piece.text ?? piece).length;
    if (piece.label) {
      const [begin, end] = [editor.posFromIndex(passed), editor.posFromIndex(passed + length)];
      const options = { className: "slot", inclusiveLeft: true, inclusiveRight: true, clearWhenEmpty: false };
      slots.push(editor.markText(begin, end, { ...options, attributes: { title: piece.label } }));
    }
    passed += length;
  }
  editor.focus();
  editor.setCursor(0, 0);
  if (!slots.length) return;
  editor.addKeyMap(SLOT_KEYS);
  nextSlot();
}

const SLOT_KEYS = { Tab: nextSlot, Esc: leaveSlots };

/** Selects the next place to change; after the last the keyboard leaves the editor. */
function nextSlot() {
  const cursor = editor.getCursor("to");
  const places = slots.map((slot) => slot.find()).filter(Boolean);
  const next = places.find(({ from }) => window.CodeMirror.cmpPos(from, cursor) > 0);
  if (next) return editor.setSelection(next.from, next.to);
  leaveSlots();
  return window.CodeMirror.Pass;
}

function leaveSlots() {
  for (const slot of slots) slot.clear();
  slots = [];
  editor.removeKeyMap(SLOT_KEYS);
}

/** Marks where the query is wrong: line and column from 1 in code points, as the service counts them. */
export function showFault({ line, column, token = "" }) {
  clearFault();
  const from = position(line, column);
  const rest = editor.getLine(from.line).slice(from.ch);
  const length = token && rest.startsWith(token) ? token.length : (/^(\w+|.|)/u.exec(rest)?.[0].length ?? 0);
  const begin = length ? from.ch : Math.max(0, from.ch - 1);
  const to = { line: from.line, ch: from.ch + length };
  fault = [
    editor.markText({ line: from.line, ch: begin }, to, { className: "fault-mark" }),
    editor.addLineClass(from.line, "wrap", "fault-line"),
  ];
}

function clearFault() {
  if (!fault) return;
  fault[0].clear();
  editor.removeLineClass(fault[1], "wrap", "fault-line");
  fault = null;
}

/** Puts the cursor at a place that the service names. */
export function goTo(line, column) {
  editor.focus();
  editor.setCursor(position(line, column));
}

function position(line, column) {
  const row = Math.min(Math.max(line - 1, 0), editor.lastLine());
  return { line: row, ch: [...editor.getLine(row)].slice(0, column - 1).join("").length };
}

// The address holds the query that was run or shared; the draft is what was written since, in this tab.

export function link() {
  return `${location.origin}/sparql#${new URLSearchParams({ query: text() })}`;
}

export function holdInAddress() {
  history.replaceState(null, "", link());
  keep();
}

export function ofLink() {
  return new URLSearchParams(location.hash.slice(1)).get("query");
}

function keep() {
  try {
    sessionStorage.setItem(DRAFT, JSON.stringify({ hash: location.hash, text: text() }));
  } catch {
    // Without storage the address alone holds the query.
  }
}

function remembered() {
  try {
    const draft = JSON.parse(sessionStorage.getItem(DRAFT));
    if (draft && draft.hash === location.hash) return draft.text;
  } catch {
    // As above.
  }
  return ofLink();
}
