import { createKeyStore } from "../../shared/key-store.ts";

/** The API key: asked for once, kept by the browser. */
export const { readKey, keepKey, forgetKey, takeKeyFromAddress } = createKeyStore(
  localStorage,
  "dreamreel.key",
);
