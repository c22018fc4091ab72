// Shows openapi.json with the self-hosted Swagger UI, whose own dark form follows the page's theme.
"use strict";
const root = document.documentElement;
const screen = matchMedia("(prefers-color-scheme: dark)");
const dress = () => root.classList.toggle("dark-mode", (root.dataset.theme ?? (screen.matches ? "dark" : "light")) === "dark");
dress();
screen.addEventListener("change", dress);
window.SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger", deepLinking: true, validatorUrl: null });
