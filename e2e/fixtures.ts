import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { test as base, type TestInfo } from "@playwright/test";
import { slowness } from "./vm/accel.ts";
import { Machine, type MachineSpec } from "./vm/machine.ts";
import { runsDir } from "./vm/paths.ts";

/** Makes machines for one test, in a folder of its own, and cleans up after it. */
export class VmFactory {
  /** Folder for the test's disks, variable stores and logs. */
  readonly dir: string;
  readonly machines: Machine[] = [];
  readonly #slowness: number;

  constructor(dir: string, slow: number) {
    this.dir = dir;
    this.#slowness = slow;
  }

  /** A path in the test's folder. */
  path(...parts: readonly string[]): string {
    return join(this.dir, ...parts);
  }

  /** Milliseconds for what takes `seconds` on a machine with KVM. */
  limit(seconds: number): number {
    return seconds * 1000 * this.#slowness;
  }

  async start(spec: MachineSpec): Promise<Machine> {
    const machine = await Machine.start(spec, this.path(spec.name));
    this.machines.push(machine);
    return machine;
  }

  /** Ends all machines. After a failure their logs, screens and command lines go into the report. */
  async finish(info: TestInfo): Promise<void> {
    const failed = info.status !== info.expectedStatus;
    for (const machine of this.machines) {
      if (failed) {
        for (const { name, path } of await machine.evidence()) await info.attach(name, { path });
      }
      await machine.dispose();
    }
    if (failed) await info.attach("files", { body: `Disks and logs: ${this.dir}\n`, contentType: "text/plain" });
    else removeLargeFiles(this.dir);
  }
}

/** Logs of a passed test are worth keeping, its disks are not. */
function removeLargeFiles(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) removeLargeFiles(path);
    else if (entry.isFile() && statSync(path).size > 1024 * 1024) rmSync(path);
  }
}

function folderFor(info: TestInfo): string {
  const name = info.titlePath
    .slice(1)
    .join(" ")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .slice(0, 80);
  const dir = join(runsDir, name);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  return dir;
}

/** Playwright's `test` with a machine factory instead of a browser. */
export const test = base.extend<{ vm: VmFactory }>({
  // Playwright finds a fixture's dependencies in this pattern; it has none.

  vm: async ({}, use, info) => {
    const factory = new VmFactory(folderFor(info), await slowness());
    await use(factory);
    await factory.finish(info);
  },
});

export { expect } from "@playwright/test";
