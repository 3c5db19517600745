import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const config = join(root, ".config/dependency-cruiser.cjs");
const { forbidden } = createRequire(import.meta.url)(config) as { forbidden: { name: string }[] };

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** A small project that keeps every rule: file and the modules it imports. */
const lawful: Record<string, string[]> = {
  "app/plan.ts": ["zod", "node:util"],
  "app/errors.ts": ["./plan.ts"],
  "branding/brand.ts": ["../app/plan.ts"],
  "renderer/view.ts": ["../app/plan.ts", "../branding/brand.ts"],
  "main/window.ts": ["../app/plan.ts", "../branding/brand.ts", "node:child_process"],
  "backend/exec.ts": ["execa", "../app/errors.ts"],
  "backend/tools/sgdisk.ts": ["../exec.ts"],
  "backend/probe/disks.ts": ["../tools/sgdisk.ts"],
  "backend/trust/pcr.ts": ["../tools/sgdisk.ts", "node:fs"],
  "backend/jobs/partition.ts": ["../tools/sgdisk.ts", "../probe/disks.ts", "../trust/pcr.ts"],
  "backend/machine/install.ts": ["../jobs/partition.ts"],
  "backend/platform/real.ts": ["../machine/install.ts"],
  "backend/session/session.ts": ["../platform/real.ts"],
  "backend/cli/main.ts": ["../session/session.ts", "../exec.ts"],
  "backend/testing/fake.ts": ["../exec.ts", "vitest"],
  "backend/jobs/partition.test.ts": ["./partition.ts", "../testing/fake.ts", "vitest"],
  "build-iso/exec.ts": ["execa"],
  "build-iso/main.ts": ["./exec.ts", "../branding/brand.ts", "vitest"],
  "e2e/vm/sh.ts": ["execa"],
  "e2e/run.ts": ["./vm/sh.ts", "../app/plan.ts", "vitest"],
};

/** One offence per rule at least: file, what it imports, the rules that must fire on it. */
const offences: [file: string, imports: string[], rules: string[]][] = [
  ["app/bad-folder.ts", ["../branding/brand.ts"], ["app-imports", "no-cycles"]],
  ["app/bad-io.ts", ["node:fs"], ["contract-without-io"]],
  ["branding/bad.ts", ["../backend/exec.ts"], ["branding-imports"]],
  ["renderer/bad-folder.ts", ["../main/window.ts"], ["renderer-imports"]],
  ["renderer/bad-node.ts", ["node:os"], ["renderer-without-node"]],
  ["main/bad.ts", ["../backend/exec.ts"], ["main-imports"]],
  ["backend/bad-folder.ts", ["../branding/brand.ts"], ["backend-imports"]],
  ["backend/bad-execa.ts", ["execa"], ["programs-only-by-exec"]],
  ["backend/bad-process.ts", ["node:child_process"], ["no-child-process"]],
  ["backend/bad-dev.ts", ["vitest"], ["shipped-without-dev-dependencies"]],
  ["backend/bad-unlisted.ts", ["unlisted"], ["listed-packages-only"]],
  ["backend/bad-testing.ts", ["./testing/fake.ts"], ["no-test-code-in-product"]],
  ["backend/tools/bad.ts", ["../trust/pcr.ts"], ["backend-layer-1"]],
  ["backend/jobs/bad.ts", ["../machine/install.ts"], ["backend-layer-2"]],
  ["backend/machine/bad.ts", ["../cli/main.ts"], ["backend-layer-3"]],
  ["backend/platform/bad.ts", ["../session/session.ts"], ["backend-layer-4"]],
  ["backend/session/bad.ts", ["../cli/main.ts"], ["backend-layer-5"]],
  ["build-iso/bad.ts", ["../backend/exec.ts"], ["build-iso-imports"]],
  ["build-iso/stages/bad.ts", ["execa"], ["programs-only-by-exec"]],
  ["e2e/bad.ts", ["../build-iso/main.ts"], ["e2e-imports"]],
  ["e2e/vm/bad-type.ts", ["type ../../backend/exec.ts"], ["e2e-imports"]],
  ["e2e/left-over.ts", [], ["no-orphans"]],
  ["e2e/lost.ts", ["./nowhere.ts"], ["no-unresolvable"]],
];

function source(imports: string[]): string {
  const lines = imports.map((specifier, index) =>
    specifier.startsWith("type ")
      ? `export type { Name } from "${specifier.slice(5)}";`
      : `import * as m${index} from "${specifier}"; export { m${index} };`,
  );
  return ["export const here = 1; export type Name = string;", ...lines, ""].join("\n");
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function project(files: Record<string, string[]>): string {
  const dir = mkdtempSync(join(tmpdir(), "import-rules-"));
  put(
    join(dir, "package.json"),
    JSON.stringify({ type: "module", dependencies: { execa: "1", zod: "1" }, devDependencies: { vitest: "1" } }),
  );
  for (const name of ["execa", "zod", "vitest", "unlisted"]) {
    put(join(dir, "node_modules", name, "package.json"), JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
    put(join(dir, "node_modules", name, "index.js"), "module.exports = {};\n");
  }
  for (const [file, imports] of Object.entries(files)) put(join(dir, file), source(imports));
  return dir;
}

function violations(dir: string): Violation[] {
  const program = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const folders = ["app", "branding", "renderer", "main", "backend", "build-iso", "e2e"];
  const args = [program, "--config", config, "--output-type", "json", ...folders];
  const json = execFileSync(process.execPath, args, { cwd: dir, encoding: "utf8" });
  return (JSON.parse(json) as { summary: { violations: Violation[] } }).summary.violations;
}

describe("import rules", () => {
  const dirs: string[] = [];
  let found: Violation[] = [];

  beforeAll(() => {
    const files = Object.fromEntries(offences.map(([file, imports]) => [file, imports]));
    const extra = {
      // exec.ts is the lowest layer and the only file that may not import a tool.
      "backend/exec.ts": ["execa", "../app/errors.ts", "./tools/low.ts"],
      "branding/brand.ts": ["../app/plan.ts", "../app/bad-folder.ts"],
      "backend/tools/low.ts": ["zod"],
    };
    const dir = project({ ...lawful, ...files, ...extra });
    dirs.push(dir);
    found = violations(dir);
  }, 60_000);

  afterAll(() => {
    for (const dir of dirs) rmSync(dir, { recursive: true });
  });

  test.each(offences)("%s importing %j breaks exactly %j", (file, _imports, rules) => {
    const broken = new Set(found.filter((violation) => violation.from === file).map(({ rule }) => rule.name));
    expect([...broken].sort()).toEqual([...rules].sort());
  });

  test("exec.ts is below the tools", () => {
    expect(found.some(({ from, rule }) => from === "backend/exec.ts" && rule.name === "backend-layer-0")).toBe(true);
  });

  test("every rule has an offence that makes it fire", () => {
    const fired = new Set(found.map(({ rule }) => rule.name));
    expect([...fired].sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });

  test("a project that keeps the rules has no violation", () => {
    const dir = project(lawful);
    dirs.push(dir);
    expect(violations(dir)).toEqual([]);
  }, 60_000);
});
