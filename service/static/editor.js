// Starts the query editor on our own endpoint. Nothing is looked up elsewhere: no prefix or vocabulary services.
"use strict";
(() => {
  document.documentElement.classList.add("js");
  const examples = [...document.querySelectorAll("#examples button")];
  const endpoint = new URL("/sparql", location.href).href;
  const Yasgui = window.Yasgui;
  Yasgui.Yasqe.defaults.autocompleters = ["variables"];
  Yasgui.Yasqe.defaults.value = examples[0].dataset.query;
  const editor = new Yasgui(document.getElementById("yasgui"), {
    requestConfig: { endpoint, method: "POST" },
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
    copyEndpointOnNewTab: true,
    populateFromUrl: true,
    persistenceId: "ducha",
    yasqe: { autocompleters: ["variables"] },
  });
  for (const button of examples) {
    button.addEventListener("click", () => {
      const tab = editor.getTab();
      tab.setQuery(button.dataset.query.trim());
      tab.getYasqe().query().catch(() => undefined);
    });
  }
})();
