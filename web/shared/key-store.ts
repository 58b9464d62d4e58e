import { confirmKey } from "./confirm-key.ts";

/** A stored key. It is sent to this origin only. */
export interface KeyStore {
  readKey(): string | null;
  keepKey(key: string): void;
  forgetKey(): void;
  /**
   * Reads the key of an address such as `/#key=…` and removes it from the history. A fragment never reaches a
   * server, so no server logs it. When another key is stored, the person decides first, because a stranger
   * may have sent the link. Resolves to whether the stored key changed.
   */
  takeKeyFromAddress(): Promise<boolean>;
}

/** A key in `storage`: sessionStorage forgets it with the tab, localStorage keeps it. */
export function createKeyStore(storage: Storage, name: string): KeyStore {
  /** While the dialog is open, a second link has no effect. */
  let isAsking = false;
  const keepKey = (key: string) => storage.setItem(name, key.trim());
  return {
    readKey: () => storage.getItem(name),
    keepKey,
    forgetKey: () => storage.removeItem(name),
    async takeKeyFromAddress() {
      const [, key] = /^#key=([\w-]+)$/.exec(location.hash) ?? [];
      if (key === undefined) return false;
      history.replaceState(null, "", `${location.pathname}#/`);
      const held = storage.getItem(name);
      if (held === key || isAsking) return false;
      if (held !== null) {
        isAsking = true;
        const isWanted = await confirmKey(held, key);
        isAsking = false;
        if (!isWanted) return false;
      }
      keepKey(key);
      return true;
    },
  };
}
