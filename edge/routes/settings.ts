import { Settings } from "../../contract/settings.ts";
import { invalidKey } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { readReplicaFirst } from "../store/open.ts";
import { readSettings, writeSettings } from "../store/settings.ts";

export const settingsRoutes = newRouter();

const get = route({
  method: "get",
  path: "/settings",
  operationId: "getSettings",
  summary: "Read what holds for all your films",
  tags: ["Videos"],
  access: "key",
  responses: { 200: json("The settings.", Settings) },
  problems: [],
});

settingsRoutes.openapi(get, async (c) => {
  const settings = await readReplicaFirst(
    c.var,
    (session) => readSettings(session, c.var.keyHash),
    (found) => found !== undefined,
  );
  if (settings === undefined) throw invalidKey();
  return c.json(settings, 200);
});

const put = route({
  method: "put",
  path: "/settings",
  operationId: "putSettings",
  summary: "Set what holds for all your films",
  description:
    "Replaces all settings. Films that are asked for later have them; a redo keeps those of its film.",
  tags: ["Videos"],
  access: "key",
  request: {
    body: jsonBody(Settings, { example: { pronunciations: { Siobhan: "shivawn" } } }),
  },
  responses: { 200: json("The settings.", Settings) },
  problems: [],
});

settingsRoutes.openapi(put, async (c) => {
  const { keyHash, ports, primary } = c.var;
  const settings = await writeSettings(primary(), keyHash, c.req.valid("json"), ports.now());
  if (settings === undefined) throw invalidKey();
  return c.json(settings, 200);
});
