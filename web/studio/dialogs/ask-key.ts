import { createKeyDialog } from "../../shared/key-dialog.ts";
import { listDreams } from "../api/api.ts";
import { explainProblem } from "../api/explain-problem.ts";
import { forgetKey, keepKey, readKey } from "../api/key.ts";

/** Asks for the API key until one works or the person closes the dialog. */
export const askKey = createKeyDialog({
  readKey,
  keepKey,
  forgetKey,
  prefill: () => readKey() ?? "",
  tryKey: () => listDreams(null),
  explain: (error) => explainProblem(error).title,
});
