import type { RequestHandler } from "express";
import { VendorError } from "../http/envelope.ts";

/** Any model name is served; these are only the ones that are shown. */
const names = ["gpt-6-luna", "gpt-image-2.6-flare", "gpt-4o-mini-tts", "gpt-transcribe"];
const models = names.map((id) => ({
  id,
  object: "model",
  created: 1_767_225_600,
  owned_by: "dreamreel-local",
}));

/** GET /v1/models */
export const answerModels: RequestHandler = (_req, res) => void res.json({ object: "list", data: models });

/** GET /v1/models/{model}. @throws VendorError with status 404 for a model that is not listed */
export const answerModel: RequestHandler = (req, res) => {
  const model = models.find(({ id }) => id === req.params.model);
  if (!model)
    throw new VendorError(404, "The model does not exist.", { param: "model", code: "model_not_found" });
  res.json(model);
};
