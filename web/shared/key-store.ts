/** A key that the person gives once and that is sent to this origin only. */
export interface KeyStore {
  readKey(): string | null;
  keepKey(key: string): void;
  forgetKey(): void;
  /**
   * Takes the key out of an address like `/#key=…` that hands it over, and the address out of the history: a fragment
   * is never sent to a server, and so not logged by one.
   */
  takeKeyFromAddress(): void;
}

/** `storage`: the tab's own forgets the key with it, the browser's keeps it. */
export function createKeyStore(storage: Storage, name: string): KeyStore {
  const keepKey = (key: string) => storage.setItem(name, key.trim());
  return {
    readKey: () => storage.getItem(name),
    keepKey,
    forgetKey: () => storage.removeItem(name),
    takeKeyFromAddress() {
      const [, key] = /^#key=([\w-]+)$/.exec(location.hash) ?? [];
      if (key === undefined) return;
      keepKey(key);
      history.replaceState(null, "", `${location.pathname}#/`);
    },
  };
}
