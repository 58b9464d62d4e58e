// A key that is given here is forgotten with the page. Earlier versions kept it; Swagger UI names it so.
localStorage.removeItem("authorized");
globalThis.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
