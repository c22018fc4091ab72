// One query on its way: asked, timed, stopped, read to its end or told to be incomplete.
import { language, t } from "./words.js";

export const MOST_MEGABYTES = 32;
const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";

// What goes wrong is told in the language of the page.
const headers = (accept) => ({ Accept: accept, "Accept-Language": language });

/** Why there is no answer to show; `problem` is the service's own document (RFC 9457) where it sent one. */
export class NoAnswer extends Error {
  constructor(message, problem = {}) {
    super(message);
    this.problem = problem;
  }
}

/** The whole answer to a query: `{kind, text, headers, milliseconds}`, kind `table` or `graph`. Raises NoAnswer, and
 * AbortError once `signal` is set. `received` is told how many bytes have come. */
export async function ask(query, signal, received) {
  const began = performance.now();
  const body = new URLSearchParams({ query });
  let response;
  try {
    response = await fetch("/sparql", { method: "POST", body, headers: headers(ACCEPT), signal });
  } catch (error) {
    throw signal.aborted ? error : new NoAnswer(t("editor.unreachable"));
  }
  const text = await whole(response, signal, received);
  if (!response.ok) throw refusal(response, text);
  const kind = (response.headers.get("Content-Type") ?? "").includes("json") ? "table" : "graph";
  return { kind, text, headers: response.headers, milliseconds: performance.now() - began };
}

// The transfer says whether it is whole: without its last chunk the reader fails, and nothing of it is shown.
async function whole(response, signal, received) {
  const reader = response.body.getReader();
  const pieces = [];
  let size = 0;
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      size += step.value.length;
      if (size > MOST_MEGABYTES * 2 ** 20) {
        reader.cancel().catch(() => undefined);
        throw new NoAnswer(t("editor.too_large", { n: MOST_MEGABYTES }), { download: true });
      }
      pieces.push(step.value);
      received(size);
    }
  } catch (error) {
    if (signal.aborted || error instanceof NoAnswer) throw error;
    throw new NoAnswer(t("editor.broken", { n: Math.round(size / 1024) }), { download: true });
  }
  return new Blob(pieces).text();
}

function refusal(response, text) {
  let problem = {};
  try {
    problem = JSON.parse(text);
  } catch {
    problem = { detail: text.slice(0, 500) };
  }
  problem.limit ??= response.headers.get("Ducha-Limit") ?? undefined;
  return new NoAnswer(problem.detail ?? `${response.status} ${response.statusText}`, problem);
}

/** Milliseconds by name from Server-Timing; `cache` is present where the answer had been kept. */
export function timing(headers) {
  const parts = (headers.get("Server-Timing") ?? "").split(",").map((part) => part.trim());
  return Object.fromEntries(parts.map((part) => [part.split(";")[0], Number(/dur=([\d.]+)/.exec(part)?.[1] ?? 0)]));
}

/** Why a query has no rows, as `/sparql/why` tells it. Raises NoAnswer. */
export async function askWhy(query, signal) {
  const body = new URLSearchParams({ query });
  const response = await fetch("/sparql/why", { method: "POST", body, headers: headers("application/json"), signal });
  const text = await response.text();
  if (!response.ok) throw refusal(response, text);
  return JSON.parse(text);
}
