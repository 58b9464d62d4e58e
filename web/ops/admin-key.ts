import { createKeyStore } from "../shared/key-store.ts";

/** The admin key: asked for once a tab, forgotten with it. */
export const { readKey, keepKey, forgetKey, takeKeyFromAddress } = createKeyStore(
  sessionStorage,
  "dreamreel.admin-key",
);
