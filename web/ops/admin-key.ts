import { createKeyStore } from "../shared/key-store.ts";

/** The admin key. It is stored per tab: a closed tab forgets it. */
export const { readKey, keepKey, forgetKey, takeKeyFromAddress } = createKeyStore(
  sessionStorage,
  "dreamreel.admin-key",
);
