import { afterAll, vi } from "vitest";

/** Unit files share processes: fake timers that one file leaves behind would stop the clock of the next. */
afterAll(() => void vi.useRealTimers());
