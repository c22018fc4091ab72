// What the nodes of an answer are called and where they lead: labels and sentences in one bounded query.
import { file, language, page, t } from "./words.js";

const MOST = 400; // of some 60 bytes each: a query may have 64 KiB
const EVIDENCE = /^(document\/[0-9A-Za-z]+)#char=(\d+),(\d+)$/;
const { base } = page.dataset;
const NAMESPACES = [
  ["https://w3id.org/ducha/ontology#", "/ontology#"],
  ["https://w3id.org/ducha/concept/", "/concept/"],
  ["https://w3id.org/ducha/shape/", "/shape/"],
  [base, "/"],
];
const known = new Map();
const asked = new Set();

/** Where an IRI leads: our own page, the place of a sentence in its document, the web; null for every other scheme. */
export function address(iri) {
  const evidence = sentence(iri);
  if (evidence) return `/${evidence.document}#c${evidence.begin}`;
  for (const [namespace, path] of NAMESPACES) {
    // A path that begins with two slashes would be another host.
    if (iri.startsWith(namespace)) return path + encodeURI(iri.slice(namespace.length)).replace(/\?|^\//g, encodeURIComponent);
  }
  return /^https?:\/\//i.test(iri) ? iri : null;
}

/** The document and the code points of a piece of evidence, or null. */
export function sentence(iri) {
  const match = iri.startsWith(base) && EVIDENCE.exec(iri.slice(base.length));
  return match ? { document: match[1], begin: match[2], end: match[3] } : null;
}

/** A name to show now: the label where it is known, the sentence's place, else the prefixed name or the path. */
export function nameOf(iri) {
  const evidence = sentence(iri);
  if (evidence) return t("editor.evidence", evidence);
  return known.get(iri) ?? short(iri);
}

export const quoteOf = (iri) => (sentence(iri) ? (known.get(iri) ?? "") : "");

export function short(iri) {
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    const local = iri.slice(namespace.length);
    if (iri.startsWith(namespace) && /^[\w-]+$/.test(local)) return `${prefix}:${local}`;
  }
  return iri.startsWith(base) ? iri.slice(base.length) : iri;
}
let prefixes = {};

/** Fetches the names of these IRIs that are not known yet. False when some could not be had. */
export async function learn(iris) {
  try {
    const { terms, prefixes: declared } = await file("terms");
    prefixes = declared;
    for (const term of terms) {
      const [prefix, local] = term.name.split(":");
      const iri = term.name.startsWith("<") ? base + term.name.slice(1, -1) : (declared[prefix] ?? "") + local;
      if (term.zh || term.en) known.set(iri, term[language] ?? term.en ?? term.zh);
    }
  } catch {
    return false;
  }
  const wanted = [...new Set(iris)].filter((iri) => iri.startsWith(base) && !known.has(iri) && !asked.has(iri) && plain(iri));
  const some = wanted.slice(0, MOST);
  return (some.length === 0 || (await ask(some))) && some.length === wanted.length;
}

const plain = (iri) => !/[\u0000-\u0020<>"{}|^`\\]/.test(iri);

async function ask(iris) {
  const query = `PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?iri ?name WHERE {
  VALUES ?iri { ${iris.map((iri) => `<${iri}>`).join(" ")} }
  VALUES ?says { dcterms:title rdfs:label du:quote }
  ?iri ?says ?name
} LIMIT ${4 * MOST}`;
  const headers = { Accept: "application/sparql-results+json" };
  try {
    const response = await fetch("/sparql", { method: "POST", body: new URLSearchParams({ query, timeout: 5 }), headers });
    if (!response.ok) return false;
    for (const { iri, name } of (await response.json()).results.bindings) {
      if (!known.has(iri.value) || name["xml:lang"] === language) known.set(iri.value, name.value);
    }
    for (const iri of iris) asked.add(iri);
    return true;
  } catch {
    return false;
  }
}
