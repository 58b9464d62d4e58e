/** npm installs exactly the locked packages, and only known packages run install scripts. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

interface Locked {
  version?: string;
  integrity?: string;
  hasInstallScript?: boolean;
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}
const readText = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const read = (name: string) => JSON.parse(readText(name));
const lock: { packages: Record<string, Locked> } = read("package-lock.json");
const packages = Object.entries(lock.packages).filter(([path, { link }]) => path !== "" && !link);
const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

it("locks every package by the hash of its bytes, except tools of other platforms", () => {
  expect(packages.length).toBeGreaterThan(300);
  const unlocked = packages.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"));
  // npm stores no hash for another platform's build of a tool; the container and CI install none of them.
  const ours = unlocked.filter(([, one]) => !one.dev || !one.optional || isOurs(one));
  expect(ours.map(([path]) => path)).toEqual([]);
});

const isOurs = ({ os, cpu, libc }: Locked) =>
  (os ?? ["linux"]).includes("linux") &&
  (cpu ?? ["x64"]).includes("x64") &&
  (libc ?? ["glibc"]).includes("glibc");

it("asks for exact versions, and locks those", () => {
  const { dependencies, optionalDependencies, devDependencies } = read("package.json");
  const asked = { ...dependencies, ...optionalDependencies, ...devDependencies };
  for (const [name, version] of Object.entries<string>(asked)) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
  }
});

it("lets only these packages run an install script, and none that the container needs", () => {
  const scripted = packages
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => nameOf(path));
  const { allowScripts } = read("package.json");
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
  expect(allowed.sort()).toEqual(["esbuild", "node", "workerd"]);
  // Its script replaces the binary, which the lockfile's hash covers, by one from elsewhere.
  expect(allowScripts["@contentauth/c2pa-node"]).toBe(false);
  expect([...new Set(scripted)].sort()).toEqual(Object.keys(allowScripts).sort());
  const { dependencies } = read("package.json");
  expect(scripted.filter((name) => name in dependencies)).toEqual([]);
});

it("installs in the worker's image exactly the packages that its code imports", () => {
  const cwd = fileURLToPath(new URL("../../", import.meta.url));
  const files = globSync("{contract,render-worker,command-line,doctor}/**/*.ts", {
    cwd,
    exclude: ["**/*.test.ts"],
  });
  expect(files.length).toBeGreaterThan(100);
  const imported = files.flatMap((file) =>
    [...readText(file).matchAll(/^(?:import|export)\s(?!type )(?:[^"]*?from )?"([^."][^"]*)";$/gm)].map(
      ([, name = ""]) => name,
    ),
  );
  const onDemand = files.flatMap((file) =>
    [...readText(file).matchAll(/\bimport\("([^."][^"]*)"\)/g)].map(([, name = ""]) => name),
  );
  expect([...new Set(onDemand)].sort()).toEqual(Object.keys(read("package.json").optionalDependencies));
  const packages = imported
    .filter((name) => !name.startsWith("node:"))
    .map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
  // `openai/realtime/ws` imports it, as an optional peer that npm does not install by itself.
  const peers = imported.includes("openai/realtime/ws") ? ["ws"] : [];
  expect([...new Set([...packages, ...peers])].sort()).toEqual(
    Object.keys(read("package.json").dependencies).sort(),
  );
});
