import { expect, it } from "vitest";
import {
  canReadLockfile,
  describeInstallation,
  findObstacle,
  hasCertificates,
  type Tool,
} from "./system-tools.mjs";

const all: Tool[] = ["certificates", "ffmpeg", "espeak-ng", "fonts", "chromium"];
const user = { isRoot: false, canSudo: true };

it("installs by itself on Debian and Ubuntu, and takes playwright's Chromium where apt has only a snap", () => {
  const { command, automatic } = describeInstallation(all, { manager: "apt", ...user });
  expect(automatic).toBe(true);
  expect(command).toMatch(
    /^sudo apt-get update && sudo apt-get install .* ca-certificates ffmpeg espeak-ng fontconfig/,
  );
  expect(command).not.toMatch(/fonts-symbola chromium/);
  expect(command).toContain("apt-cache policy chromium | grep -q 'Candidate: [0-9]'");
  expect(command).toContain("playwright-core install --with-deps chromium");
});

it("asks for no browser where none is missing, and for no password", () => {
  const root = { manager: "apt", isRoot: true, canSudo: false } as const;
  expect(describeInstallation(["ffmpeg"], root)).toEqual({
    command: "apt-get update && apt-get install -y -q --no-install-recommends ffmpeg",
    automatic: true,
  });
  expect(describeInstallation(["ffmpeg"], { manager: "apt", isRoot: false, canSudo: false })).toMatchObject({
    automatic: false,
  });
});

it("says what to install on Fedora and Arch, and installs nothing there", () => {
  const fedora = describeInstallation(all, { manager: "dnf", ...user });
  expect(fedora.command).toMatch(
    /rpmfusion[^\n]*\n {2}sudo dnf install --allowerasing ca-certificates ffmpeg/,
  );
  const arch = describeInstallation(all, { manager: "pacman", ...user });
  expect(arch.command).toMatch(
    /^sudo pacman -S --needed ca-certificates ffmpeg espeak-ng fontconfig noto-fonts/,
  );
  expect([fedora.automatic, arch.automatic]).toEqual([false, false]);
});

it("has no command for a package manager that it does not know", () => {
  expect(describeInstallation(all, { manager: null, ...user })).toEqual({ command: null, automatic: false });
});

it.each([
  ["9.2.0", false],
  ["8.19.4", false],
  ["", false],
  ["9.6.4", true],
  ["10.8.2", true],
  ["11.0.0", true],
])("takes npm %j for one that reads the lockfile: %s", (version, can) => {
  expect(canReadLockfile(version)).toBe(can);
});

it.each([
  ["win32", "24.0.0", false, /WSL/],
  ["linux", "24.0.0", false, /Alpine.*glibc/],
  ["linux", "18.19.1", true, /Node 18\.19\.1 is too old/],
] as const)(
  "refuses %s with Node %s, glibc %s, with what to do instead",
  (platform, node, isGlibc, message) => {
    expect(findObstacle(platform, node, isGlibc)).toMatch(message);
  },
);

it("refuses neither Linux with glibc nor macOS", () => {
  expect(findObstacle("linux", "20.19.2", true)).toBeNull();
  expect(findObstacle("darwin", "24.0.0", false)).toBeNull();
});

it.each([
  ["/etc/ssl/certs/ca-certificates.crt", true],
  ["/etc/pki/tls/certs/ca-bundle.crt", true],
  ["/etc/passwd", false],
])("finds the certificates without which workerd does not start: %s", (there, has) => {
  expect(hasCertificates((path) => path === there)).toBe(has);
});
