// An answer as a table: sorted by column, a hundred rows at a time, each node a link, each value a text.
import { address, learn, nameOf, quoteOf, sentence } from "./names.js";
import { make, number, t } from "./words.js";

const PART = 100;
const LONG = 24;
const NUMERIC = /#(integer|decimal|double|float|int|long|nonNegativeInteger)$/;

/** Puts the table of `{head, results}` (SPARQL 1.1 Query Results JSON) into `place`. */
export function showTable(place, { head, results }) {
  const columns = head.vars ?? [];
  // A Map, since a variable may be called ?constructor.
  const found = results.bindings.map((binding) => new Map(Object.entries(binding)));
  let rows = found;
  let sorted = null;
  const numeric = new Set(columns.filter((name) => rows.length && rows.every((row) => !row.has(name) || isNumber(row.get(name)))));
  const wide = new Set(columns.filter((name) => rows.some((row) => isLong(row.get(name)))));
  const body = make("tbody");
  const note = make("p", { className: "note", hidden: true }, t("editor.unlabelled"));
  const pager = make("nav", { className: "pager" });
  const heads = columns.map((name) => heading(name, numeric.has(name), () => sort(name)));
  const table = make("table", { className: "data cards answer" }, make("thead", {}, make("tr", {}, ...heads)), body);
  place.append(make("div", { className: "box", tabIndex: 0 }, table), pager, note);
  turn(0);

  async function turn(begin) {
    const part = rows.slice(begin, begin + PART);
    draw(part);
    pages(begin);
    const iris = part.flatMap((row) => [...row.values()].flatMap(irisOf));
    if (!iris.length) return;
    const all = await learn(iris);
    note.hidden = all;
    if (rows[begin] === part[0]) draw(part);
  }

  function draw(part) {
    body.replaceChildren(
      ...part.map((row) =>
        make("tr", {}, ...columns.map((name) => cell(row.get(name), name, numeric.has(name), wide.has(name)))),
      ),
    );
  }

  function pages(begin) {
    const last = Math.ceil(rows.length / PART);
    pager.hidden = last < 2;
    const move = (key, to) => make("button", { type: "button", className: "quiet", onclick: () => turn(to) }, t(key));
    const here = make("span", {}, t("query.page", { n: number(begin / PART + 1), all: number(last) }));
    const back = begin > 0 ? [move("query.previous", begin - PART)] : [];
    const on = begin + PART < rows.length ? [move("query.next", begin + PART)] : [];
    pager.replaceChildren(...back, here, ...on);
  }

  function sort(name) {
    const down = sorted?.name === name && !sorted.down;
    sorted = { name, down };
    for (const [place, column] of columns.entries()) {
      heads[place].ariaSort = column === name ? (down ? "descending" : "ascending") : null;
    }
    const sign = down ? -1 : 1;
    rows = [...found].sort((one, other) => compare(one.get(name), other.get(name), numeric.has(name), sign));
    turn(0);
  }
}

function heading(name, numeric, sort) {
  const button = make("button", { type: "button", className: "sort", title: t("editor.sort"), onclick: sort }, name);
  return make("th", { scope: "col", className: numeric ? "n" : "" }, button);
}

const isLong = (term) => term?.type === "literal" && term.value.length > LONG;
const isNumber = (term) => NUMERIC.test(term.datatype ?? "");

// As pinyin orders Chinese; what is not bound comes last.
const order = new Intl.Collator("zh-CN", { numeric: true });
function compare(one, other, numeric, sign) {
  if (!one || !other) return (one ? 0 : 1) - (other ? 0 : 1);
  if (numeric) return sign * (Number(one.value) - Number(other.value));
  const text = (term) => (term.type === "uri" ? nameOf(term.value) : String(term.value));
  return sign * order.compare(text(one), text(other));
}

function irisOf(term) {
  if (term.type === "uri") return [term.value];
  return term.type === "triple" ? Object.values(term.value).flatMap(irisOf) : [];
}

function cell(term, name, numeric, wide) {
  const kind = numeric ? "n" : wide ? "wide-cell" : term && term.value.length <= 10 ? "date" : "";
  const made = make("td", { className: kind, "data-label": name });
  if (term) made.append(...shown(term));
  return made;
}

function shown(term) {
  if (term.type === "uri") return node(term.value);
  if (term.type === "bnode") return [make("code", {}, `_:${term.value}`)];
  if (term.type === "triple") {
    const { subject, predicate, object } = term.value;
    return ["⟨ ", ...shown(subject), " ", ...shown(predicate), " ", ...shown(object), " ⟩"];
  }
  const language = term["xml:lang"];
  return language ? [term.value, make("span", { className: "tag" }, language)] : [term.value];
}

function node(iri) {
  const to = address(iri);
  const quote = quoteOf(iri);
  const made = to ? make("a", { href: to, title: quote || iri }, nameOf(iri)) : make("span", { className: "iri" }, iri);
  if (sentence(iri)) made.className = "evidence";
  if (to && !to.startsWith("/")) made.rel = "noopener noreferrer nofollow";
  return [made];
}
