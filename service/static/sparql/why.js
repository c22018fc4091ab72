// Why a SELECT has no rows, told in place: the pieces of the pattern lead to where they stand in the query.
import { askWhy } from "./run.js";
import { goTo } from "./source.js";
import { make, t } from "./words.js";

/** A button that asks, and the explanation in its stead. */
export function whyButton(query) {
  const place = make("div");
  const button = make("button", { type: "button", className: "quiet", id: "why" }, t("query.why"));
  button.addEventListener("click", async () => {
    place.replaceChildren(make("p", { role: "status" }, t("editor.why_busy")));
    try {
      place.replaceChildren(explanation(await askWhy(query)));
    } catch (error) {
      place.replaceChildren(make("p", { className: "fault", role: "alert" }, error.problem ? error.message : t("editor.unreachable")), button);
    }
  });
  place.append(button);
  return place;
}

function explanation(why) {
  const told = make("section", { className: "why", role: "status" }, make("p", {}, t(`why.${why.verdict}`)));
  if (why.pieces.length) told.append(pieces(why.pieces));
  if (why.against.length) told.append(make("p", {}, t("why.against")), pieces(why.against));
  if (why.terms.length) told.append(make("p", {}, t("why.terms")), make("ul", {}, ...why.terms.map(term)));
  const rest = why.complete ? "" : ` ${t("why.incomplete")}`;
  told.append(make("p", { className: "meta" }, t("why.asked", { n: why.asked }) + rest));
  return told;
}

const pieces = (some) =>
  make("ul", { className: "pieces" }, ...some.map((one) => make("li", {}, place(one), make("pre", {}, one.text))));

/** A place in the query as a button that goes there. */
export function place({ line, column }) {
  const properties = { type: "button", className: "place", onclick: () => goTo(line, column) };
  return make("button", properties, t("why.place", { line, column }));
}

function term(one) {
  const told = make("li", {}, make("code", {}, one.text), " ", place(one));
  if (one.declared) told.append(` · ${t("why.declared")}`);
  const near = one.near.flatMap((name) => [" ", make("code", {}, name)]);
  told.append(" · ", one.near.length ? t("why.near") : t("why.none"), ...near);
  return told;
}
