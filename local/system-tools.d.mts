type Manager = "apt" | "brew" | "dnf" | "pacman";
export type Tool = "certificates" | "ffmpeg" | "espeak-ng" | "fonts" | "chromium";
export function describeInstallation(
  tools: readonly Tool[],
  system: { manager: Manager | null; isRoot: boolean; canSudo: boolean },
): { command: string | null; automatic: boolean };
export function hasCertificates(isFile: (path: string) => boolean): boolean;
export function canReadLockfile(version: string): boolean;
export function findObstacle(platform: NodeJS.Platform, nodeVersion: string, isGlibc: boolean): string | null;
