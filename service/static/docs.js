// Shows openapi.json with the self-hosted Swagger UI.
"use strict";
window.SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger", deepLinking: true, validatorUrl: null });
