import express, { type Express, type RequestHandler } from "express";
import { authorize } from "./http/authorize.ts";
import { answerErrors, answerUnknownUrl, VendorError } from "./http/envelope.ts";
import { answerLinkedPicture } from "./http/linked-pictures.ts";
import { serveCapability } from "./http/serve-capability.ts";
import { vendorHeaders } from "./http/vendor-headers.ts";
import { editPictures } from "./routes/edit.ts";
import { answerModel, answerModels } from "./routes/models.ts";
import { moderate } from "./routes/moderation.ts";
import { operate } from "./routes/operate.ts";
import { paintPictures } from "./routes/picture.ts";
import { completeChat } from "./routes/text.ts";
import { transcribe } from "./routes/transcription.ts";
import { speakText } from "./routes/voice.ts";
import type { SimulatorState } from "./state.ts";

/**
 * OpenAI's HTTP endpoints under `/v1` (the Realtime socket is in realtime/), and two more: `/_control` and
 * `/_ledger`.
 */
export function createApp(state: SimulatorState): Express {
  const json = express.json({ limit: "4mb" });
  const form = express.raw({ type: "multipart/form-data", limit: "26mb" });
  const references = express.raw({ type: "multipart/form-data", limit: "128mb" });
  const largeJson = express.json({ limit: "128mb" });
  const app = express().disable("x-powered-by").disable("etag");
  app.get("/health", (_req, res) => void res.json({ status: "ok" }));
  app.use(operate(state));
  app.get("/generated/:name", answerLinkedPicture);
  app.use("/v1", vendorHeaders, authorize);
  const unlessMissing =
    (endpoint: Parameters<typeof state.control.lacks>[0]): RequestHandler =>
    (req, _res, next) => {
      if (state.control.lacks(endpoint))
        throw new VendorError(404, `Invalid URL (${req.method} ${req.path})`);
      next();
    };
  app.post("/v1/chat/completions", unlessMissing("text"), json, serveCapability(state, "text", completeChat));
  app.post(
    "/v1/images/generations",
    unlessMissing("picture"),
    json,
    serveCapability(state, "picture", paintPictures(state)),
  );
  app.post(
    "/v1/images/edits",
    unlessMissing("edit"),
    references,
    largeJson,
    serveCapability(state, "picture", editPictures(state)),
  );
  app.post("/v1/audio/speech", unlessMissing("speech"), json, serveCapability(state, "voice", speakText));
  app.post(
    "/v1/audio/transcriptions",
    unlessMissing("transcription"),
    form,
    serveCapability(state, "transcription", transcribe(state)),
  );
  app.post("/v1/moderations", unlessMissing("moderation"), json, moderate);
  app.get("/v1/models", answerModels(state));
  app.get("/v1/models/:model", answerModel(state));
  app.use(answerUnknownUrl);
  app.use(answerErrors);
  return app;
}
