/** A Worker that does nothing but answer, read one row or write one row: what the runtime itself takes. */
import { Hono } from "hono";

const app = new Hono<{ Bindings: { DB: D1Database } }>();

app.get("/hello", (c) => c.text("hello"));

app.post("/table", async (c) => {
  await c.env.DB.exec("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, text TEXT)");
  await c.env.DB.exec("INSERT OR REPLACE INTO rows VALUES (1, 'a row')");
  return c.body(null, 204);
});

app.get("/read", async (c) => c.json(await c.env.DB.prepare("SELECT text FROM rows WHERE id = 1").first()));

app.post("/write", async (c) => {
  await c.env.DB.prepare("INSERT INTO rows (text) VALUES ('a row')").run();
  return c.body(null, 204);
});

export default app;
