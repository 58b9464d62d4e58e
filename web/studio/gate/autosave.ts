/** When what is typed is sent: after a pause, and at the latest after a while without one. */

/** A change is sent after so long without another one. */
const quietMs = 900;
/** A change is sent after so long, also if its owner types without a pause. */
const mostMs = 5_000;

export interface Autosave {
  /** Something was changed. */
  note(): void;
  /** Sends what was changed, now. */
  flush(): void;
  /** Sends nothing more by itself. */
  end(): void;
}

/** Calls `send` after changes. A call without a change before it does nothing. */
export function createAutosave(send: () => void): Autosave {
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let latest: ReturnType<typeof setTimeout> | undefined;
  const clear = () => {
    clearTimeout(quiet);
    clearTimeout(latest);
    quiet = undefined;
    latest = undefined;
  };
  const flush = () => {
    if (quiet === undefined) return;
    clear();
    send();
  };
  return {
    note() {
      clearTimeout(quiet);
      quiet = setTimeout(flush, quietMs);
      latest ??= setTimeout(flush, mostMs);
    },
    flush,
    end: clear,
  };
}
