// The query editor: ties the text, the run and the answer to the page. Nothing is looked up elsewhere.
import { showAnswer, showRefusal } from "./answer.js";
import { ask } from "./run.js";
import * as source from "./source.js";
import { openStarts } from "./starts.js";
import { page, t } from "./words.js";

const part = (name) => document.getElementById(name);
const [run, stop, timer, status, answer] = ["run", "stop", "timer", "status", "answer"].map(part);
let running = null;

async function start() {
  running?.abort();
  const query = source.text();
  answer.replaceChildren();
  part("cite").hidden = true;
  if (!query.trim()) {
    status.textContent = t("editor.empty");
    return;
  }
  const mine = (running = new AbortController());
  source.holdInAddress();
  busy(true);
  const seconds = clock();
  status.textContent = t("editor.running");
  try {
    const received = (bytes) => (status.textContent = t("editor.receiving", { n: Math.round(bytes / 1024) }));
    const got = await ask(query, mine.signal, received);
    status.textContent = "";
    await showAnswer(answer, status, query, got);
    offerToCite(query);
  } catch (error) {
    if (mine !== running) return;
    if (mine.signal.aborted) status.textContent = t("editor.stopped", { n: seconds() });
    else showRefusal(answer, status, query, error);
  } finally {
    seconds.end();
    if (mine === running) {
      running = null;
      busy(false);
    }
  }
}

function busy(yes) {
  stop.hidden = timer.hidden = !yes;
  run.hidden = yes;
  answer.setAttribute("aria-busy", yes);
}

/** Counts the seconds since now, in the page, until it is ended. */
function clock() {
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
  const show = () => (timer.textContent = t("editor.seconds", { n: seconds() }));
  show();
  const ticking = setInterval(show, 100);
  seconds.end = () => clearInterval(ticking);
  return seconds;
}

/** What a citation of this answer needs, for the part of the page that makes one. */
function offerToCite(query) {
  const cite = part("cite");
  Object.assign(cite.dataset, { query, link: source.link() });
  cite.querySelector("textarea").value = query;
  cite.hidden = false;
  cite.dispatchEvent(new CustomEvent("answered", { bubbles: true }));
}

async function share() {
  source.holdInAddress();
  const link = source.link();
  part("sharing").hidden = false;
  part("share").ariaExpanded = "true";
  part("link").value = link;
  part("link").select();
  let told = t("editor.copy_by_hand");
  try {
    await navigator.clipboard.writeText(link);
    told = t("editor.copied");
  } catch {
    // Browsers give the clipboard to https and to this machine only; the field has the link.
  }
  part("copied").textContent = told + (link.length > 2000 ? ` ${t("editor.share_long", { n: link.length })}` : "");
}

if (window.CodeMirror) {
  page.hidden = false;
  part("plainform").hidden = true;
  source.open(part("source"), part("plain").value, start, () => (part("sharing").hidden = true));
  openStarts((told) => (status.textContent = told));
  run.addEventListener("click", start);
  stop.addEventListener("click", () => running?.abort());
  part("share").addEventListener("click", share);
}
