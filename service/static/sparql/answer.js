// What came of a query: a table, a yes or no, a graph, or why there is nothing to show; and the ways to have it as a file.
import { timing } from "./run.js";
import { showFault } from "./source.js";
import { showTable } from "./table.js";
import { make, number, page, said, t } from "./words.js";
import { place, whyButton } from "./why.js";

const LONGEST_ADDRESS = 8000;
const SHOWN = 200_000;
const TABLES = { CSV: "csv", JSON: "json", TSV: "tsv", XML: "xml" };
const GRAPHS = { Turtle: "ttl", "N-Triples": "nt", "JSON-LD": "jsonld", "RDF/XML": "rdf" };

/** Fills `place` with an answer of `run.js`, and `status` with its size and times. */
export async function showAnswer(answer, status, query, got) {
  if (got.kind === "graph") {
    const triples = got.headers.get("Ducha-Rows"); // a stream begins before its number is known
    status.textContent = (triples ? `${t("editor.triples", { n: number(triples) })} · ` : "") + times(got);
    answer.append(downloads(query, GRAPHS), make("pre", { tabIndex: 0 }, got.text.slice(0, SHOWN)));
    if (got.text.length > SHOWN) answer.append(make("p", { className: "note" }, t("editor.first_part", { n: number(SHOWN) })));
    return;
  }
  let told;
  try {
    told = JSON.parse(got.text);
  } catch {
    throw new Error(t("editor.unreadable"));
  }
  if (told.boolean !== undefined) {
    status.textContent = times(got);
    answer.append(make("p", { className: "verdict" }, t(told.boolean ? "editor.yes" : "editor.no")));
    return;
  }
  const rows = told.results.bindings;
  status.textContent = `${t("query.rows", { n: number(rows.length) })} · ${times(got)}`;
  if (!rows.length) {
    answer.append(make("p", { className: "none" }, t("query.none")), whyButton(query));
    return;
  }
  answer.append(downloads(query, TABLES));
  limitOf(answer, got.headers.get("Ducha-Limit"));
  showTable(answer, told);
  if (!rows.some(hasEvidence)) answer.append(make("p", { className: "note" }, t("editor.no_evidence")));
}

const hasEvidence = (row) => Object.values(row).some((term) => term.type === "uri" && /#char=\d+,\d+$/.test(term.value));

/** Says why there is no answer, and marks the place in the query. */
export function showRefusal(answer, status, query, error) {
  const problem = error.problem ?? {};
  const fault = make("div", { className: "fault", role: "alert" });
  if (problem.status) fault.append(make("p", {}, make("b", {}, said(`editor.problem.${problem.kind}`, "editor.problem.other"))));
  fault.append(make("p", {}, error.message));
  if (problem.line) {
    showFault(problem);
    fault.append(place(problem));
  }
  limitOf(fault, problem.limit);
  if (problem.download) fault.append(downloads(query, { CSV: "csv", "N-Triples": "nt" }));
  status.textContent = "";
  answer.replaceChildren(fault);
}

function limitOf(where, limit) {
  if (limit) where.append(make("p", { className: "limit" }, t("editor.limit", { limit })));
}

function times(got) {
  const { queue, query, cache } = timing(got.headers);
  const total = number(Math.round(got.milliseconds));
  if (cache !== undefined) return t("editor.kept", { total });
  return t("editor.timing", { query: number(Math.round(query ?? 0)), queue: number(Math.round(queue ?? 0)), total });
}

/** The answer as files. A link where the query fits an address, so that other programs can read it from there. */
function downloads(query, formats) {
  const links = Object.entries(formats).map(([name, format]) => {
    const address = `/sparql?${new URLSearchParams({ format, query })}`;
    const file = `ducha-${page.dataset.version}.${format}`;
    return address.length > LONGEST_ADDRESS ? posted(name, format, query) : make("a", { href: address, download: file }, name);
  });
  return make("p", { className: "meta downloads" }, `${t("editor.download")} `, ...links.flatMap((link) => [link, " "]));
}

function posted(name, format, query) {
  const hidden = Object.entries({ format, query }).map(([key, value]) => make("input", { type: "hidden", name: key, value }));
  return make("form", { method: "post", action: "/sparql" }, ...hidden, make("button", { className: "place" }, name));
}
