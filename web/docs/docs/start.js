// A key that is given here is forgotten with the page. Earlier versions kept it; Swagger UI names it so.
localStorage.removeItem("authorized");
// Swagger UI has a dark theme behind this class, and by itself does not ask the browser for it.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
globalThis.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
