/**
 * The system's tools that the project needs, and how each package manager installs them. Plain JavaScript,
 * because the set-up runs it on the system's Node.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "./find-browser.mjs";

/**
 * By package manager. Debian 12 and 13 have all of apt's names, Ubuntu 24.04 all but Chromium's, which is a
 * snap there.
 */
const packages = {
  // workerd does not start without them, and a minimal Debian or a slim image has none.
  certificates: {
    apt: ["ca-certificates"],
    brew: [],
    dnf: ["ca-certificates"],
    pacman: ["ca-certificates"],
  },
  ffmpeg: { apt: ["ffmpeg"], brew: ["ffmpeg"], dnf: ["ffmpeg"], pacman: ["ffmpeg"] },
  "espeak-ng": { apt: ["espeak-ng"], brew: ["espeak-ng"], dnf: ["espeak-ng"], pacman: ["espeak-ng"] },
  fonts: {
    apt: ["fontconfig", "fonts-noto-core", "fonts-noto-cjk", "fonts-symbola"],
    brew: [],
    dnf: ["fontconfig", "google-noto-fonts-all", "google-noto-sans-cjk-fonts", "gdouros-symbola-fonts"],
    pacman: ["fontconfig", "noto-fonts", "noto-fonts-cjk", "noto-fonts-emoji"],
  },
  chromium: {
    apt: ["chromium", "chromium-headless-shell"],
    brew: ["chromium"],
    dnf: ["chromium"],
    pacman: ["chromium"],
  },
};

/** The names of the tools that are not there. macOS has fonts for every script, and libass finds them. */
export function listMissingTools(withBrowser) {
  const isThere = {
    certificates: () => process.platform !== "linux" || hasCertificates(existsSync),
    ffmpeg: () => has("ffmpeg") && has("ffprobe"),
    "espeak-ng": () => has("espeak-ng"),
    fonts: () =>
      process.platform !== "linux" ||
      (has("fc-list") && ["ar", "zh-cn", "hi"].every(hasFontFor) && hasGlyph("1f525")),
    chromium: () => !withBrowser || findBrowser() !== null,
  };
  return Object.keys(packages).filter((name) => !isThere[name]());
}

/** Where Debian and Arch, Fedora, and others keep the certificates of the certificate authorities. */
const certificateFiles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];

/** Whether the system has certificates of certificate authorities. */
export const hasCertificates = (isFile) =>
  [process.env.SSL_CERT_FILE, ...certificateFiles].some((path) => path && isFile(path));

/** This system's package manager, and whether it can be used without a question. */
export function describeSystem() {
  const manager =
    process.platform === "darwin"
      ? "brew"
      : Object.entries({ "apt-get": "apt", dnf: "dnf", pacman: "pacman" }).find(([file]) => has(file))?.[1];
  const isRoot = process.getuid?.() === 0;
  const canSudo = !isRoot && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  return { manager: manager ?? null, isRoot, canSudo };
}

/**
 * The shell command that installs `tools`, and whether the set-up may run it itself. The command is null
 * where the package manager is unknown.
 */
export function describeInstallation(tools, { manager, isRoot, canSudo }) {
  const sudo = isRoot ? "" : "sudo ";
  const namesOf = (names) => names.flatMap((tool) => packages[tool][manager]).join(" ");
  switch (manager) {
    case "brew":
      return { command: `brew install ${namesOf(tools)}`, automatic: has("brew") };
    case "apt":
      return { command: describeApt(tools, sudo, namesOf), automatic: isRoot || canSudo };
    case "dnf": {
      // Fedora's own ffmpeg has no encoder for H.264.
      const fusion =
        "https://mirrors.rpmfusion.org/free/fedora/rpmfusion-free-release-$(rpm -E %fedora).noarch.rpm";
      const install = `${sudo}dnf install --allowerasing ${namesOf(tools)}`;
      return {
        command: tools.includes("ffmpeg") ? `${sudo}dnf install ${fusion}\n  ${install}` : install,
        automatic: false,
      };
    }
    case "pacman":
      return { command: `${sudo}pacman -S --needed ${namesOf(tools)}`, automatic: false };
    default:
      return { command: null, automatic: false };
  }
}

function describeApt(tools, sudo, namesOf) {
  const install = `${sudo}apt-get install -y -q --no-install-recommends`;
  const others = tools.filter((tool) => tool !== "chromium");
  const steps = [`${sudo}apt-get update`];
  if (others.length > 0) steps.push(`${install} ${namesOf(others)}`);
  // Ubuntu has Chromium as a snap only, which tests cannot use; playwright brings its own there.
  if (tools.includes("chromium"))
    steps.push(
      `if apt-cache policy chromium | grep -q 'Candidate: [0-9]'; then ${install} ${namesOf(["chromium"])}; ` +
        "else node_modules/.bin/playwright-core install --with-deps chromium; fi",
    );
  return steps.join(" && ");
}

/** Why this system cannot run the project at all, or null. */
export function findObstacle(platform, nodeVersion, isGlibc) {
  if (platform === "win32")
    return "Windows: run it in WSL, in a folder of WSL's own file system: wsl --install -d Ubuntu-24.04";
  if (platform === "linux" && !isGlibc)
    return (
      "This Linux has musl instead of glibc (Alpine). workerd, on which the edge runs, needs glibc. Use Debian:\n" +
      '  docker run -it -v "$PWD:/app" -w /app node:24-bookworm npm run demo'
    );
  if (Number(nodeVersion.split(".")[0]) < 20)
    return `Node ${nodeVersion} is too old. Install Node 20 or newer: https://nodejs.org/en/download`;
  return null;
}

/**
 * Whether an npm of this version can read the lockfile. npm 9.2.0, which Debian 12 and 13 have, fails at the
 * aliases in `overrides`; 9.6.4 reads them.
 */
export function canReadLockfile(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 9 || (major === 9 && minor >= 6);
}

/** Whether this process uses glibc. */
export function usesGlibc() {
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime !== undefined;
}

function has(command) {
  return (process.env.PATH ?? "").split(":").some((folder) => existsSync(join(folder, command)));
}

function hasFontFor(language) {
  return spawnSync("fc-list", [`:lang=${language}`, "family"]).stdout?.length > 0;
}

function hasGlyph(hex) {
  return spawnSync("fc-list", [`:charset=${hex}`, "family"]).stdout?.length > 0;
}
