import type { RequestHandler } from "express";
import { VendorError } from "../http/envelope.ts";
import type { SimulatorState } from "../state.ts";

/** Any model name is served; these are only the ones that are shown. */
const names = [
  "gpt-6-luna",
  "gpt-image-2.6-flare",
  "gpt-realtime-2.1-mini",
  "gpt-4o-mini-tts",
  "gpt-transcribe",
];

const describe = (id: string, { control }: SimulatorState) => ({
  id,
  object: "model",
  created: 1_767_225_600,
  owned_by: "dreamreel-local",
  shutdown_date: control.shutdownDate(id),
});

/** GET /v1/models */
export const answerModels =
  (state: SimulatorState): RequestHandler =>
  (_req, res) =>
    void res.json({ object: "list", data: names.map((id) => describe(id, state)) });

/** GET /v1/models/{model}. @throws VendorError with status 404 for a model that is not listed */
export const answerModel =
  (state: SimulatorState): RequestHandler =>
  (req, res) => {
    const id = names.find((name) => name === req.params.model);
    if (!id)
      throw new VendorError(404, "The model does not exist.", { param: "model", code: "model_not_found" });
    res.json(describe(id, state));
  };
