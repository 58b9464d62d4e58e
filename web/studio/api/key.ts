import { createKeyStore } from "../../shared/key-store.ts";

/** The API key. The browser stores it. */
export const { readKey, keepKey, forgetKey, takeKeyFromAddress } = createKeyStore(
  localStorage,
  "dreamreel.key",
);
