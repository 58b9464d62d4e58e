import { createKeyDialog } from "../shared/key-dialog.ts";
import { forgetKey, keepKey, readKey } from "./admin-key.ts";
import { readFigures } from "./api.ts";
import { explain } from "./explain.ts";

export const askKey = createKeyDialog({
  readKey,
  keepKey,
  forgetKey,
  prefill: () => "",
  tryKey: () => readFigures(),
  explain,
});
