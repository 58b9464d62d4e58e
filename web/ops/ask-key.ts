import { createKeyDialog } from "../shared/key-dialog.ts";
import { forgetKey, keepKey, readKey } from "./admin-key.ts";
import { readFigures } from "./api.ts";
import { explain } from "./explain.ts";

/** Asks for the admin key until one works or the person closes the dialog. */
export const askKey = createKeyDialog({
  readKey,
  keepKey,
  forgetKey,
  prefill: () => "",
  tryKey: () => readFigures(),
  explain,
});
