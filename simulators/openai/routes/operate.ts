import express, { type Router } from "express";
import { z } from "zod";
import { ControlPatch } from "../control.ts";
import { invalid } from "../http/envelope.ts";
import type { SimulatorState } from "../state.ts";

/** `GET|POST|DELETE /_control` and `GET|DELETE /_ledger`: for tests and operators; no key asked. */
export function operate({ control, ledger }: SimulatorState): Router {
  const router = express.Router();
  router.get("/_control", (_req, res) => void res.json(control.state()));
  router.post("/_control", express.json(), (req, res) => {
    const patch = ControlPatch.safeParse(req.body);
    if (!patch.success) throw invalid(null, z.prettifyError(patch.error));
    control.change(patch.data);
    res.json(control.state());
  });
  router.delete("/_control", (_req, res) => {
    control.reset();
    res.json(control.state());
  });
  router.get("/_ledger", (_req, res) => void res.json(ledger.list()));
  router.delete("/_ledger", (_req, res) => {
    ledger.clear();
    res.status(204).end();
  });
  return router;
}
