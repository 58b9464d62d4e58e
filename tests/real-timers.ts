import { afterAll, vi } from "vitest";

/** Unit test files share processes, and fake timers that one file leaves would stop the clock of the next. */
afterAll(() => void vi.useRealTimers());
