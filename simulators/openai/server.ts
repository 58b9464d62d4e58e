import express, { type Express } from "express";
import { authorize } from "./http/authorize.ts";
import { answerErrors, answerUnknownUrl } from "./http/envelope.ts";
import { answerLinkedPicture } from "./http/linked-pictures.ts";
import { serveCapability } from "./http/serve-capability.ts";
import { vendorHeaders } from "./http/vendor-headers.ts";
import { answerModel, answerModels } from "./routes/models.ts";
import { operate } from "./routes/operate.ts";
import { paintPictures } from "./routes/picture.ts";
import { completeChat } from "./routes/text.ts";
import { transcribe } from "./routes/transcription.ts";
import { speakText } from "./routes/voice.ts";
import type { SimulatorState } from "./state.ts";

/** OpenAI's endpoints under `/v1`, and two more: `/_control` and `/_ledger`. */
export function createApp(state: SimulatorState): Express {
  const json = express.json({ limit: "4mb" });
  const form = express.raw({ type: "multipart/form-data", limit: "26mb" });
  const app = express().disable("x-powered-by").disable("etag");
  app.get("/health", (_req, res) => void res.json({ status: "ok" }));
  app.use(operate(state));
  app.get("/generated/:name", answerLinkedPicture);
  app.use("/v1", vendorHeaders, authorize);
  app.post("/v1/chat/completions", json, serveCapability(state, "text", completeChat));
  app.post("/v1/images/generations", json, serveCapability(state, "picture", paintPictures));
  app.post("/v1/audio/speech", json, serveCapability(state, "voice", speakText));
  app.post("/v1/audio/transcriptions", form, serveCapability(state, "transcription", transcribe));
  app.get("/v1/models", answerModels);
  app.get("/v1/models/:model", answerModel);
  app.use(answerUnknownUrl);
  app.use(answerErrors);
  return app;
}
