import { createKeyDialog } from "../../shared/key-dialog.ts";
import { listDreams } from "../api/api.ts";
import { explainProblem } from "../api/explain-problem.ts";
import { forgetKey, keepKey, readKey } from "../api/key.ts";

export const askKey = createKeyDialog({
  readKey,
  keepKey,
  forgetKey,
  prefill: () => readKey() ?? "",
  tryKey: () => listDreams(null),
  explain: (error) => explainProblem(error).title,
});
