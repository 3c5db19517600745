import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const files = join(import.meta.dirname, "../../initrd/files");
const SCRIPTS = "usr/libexec/silvermetal";
/** Texts of the unlock prompt, one file per language. */
export const PROMPTS = join(files, "usr/share/silvermetal/prompt");

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly complaint: string;
}

/** The initrd's own scripts in a temporary folder that stands for `/`, with stand-ins for the programs they ask. */
export class InitrdScripts {
  readonly root = mkdtempSync(join(tmpdir(), "silver-initrd-"));

  constructor() {
    cpSync(PROMPTS, this.path("/usr/share/silvermetal/prompt"), { recursive: true });
    for (const name of readdirSync(join(files, SCRIPTS))) {
      const text = readFileSync(join(files, SCRIPTS, name), "utf8");
      const moved = text.replaceAll(/(?<![\w.}])\/(?=(?:run|sys|usr|proc)\/|dev\/(?!null))/g, `${this.root}/`);
      this.file(`/${SCRIPTS}/${name}`, moved, 0o755);
    }
  }

  /** Where an absolute path of the initrd lies. */
  path(path: string): string {
    return join(this.root, path);
  }

  file(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
    chmodSync(this.path(path), mode);
  }

  /** A stand-in, by the body of a shell script. */
  program(name: string, body: string): void {
    this.file(name.startsWith("/") ? name : `/bin/${name}`, `#!/bin/sh\n${body}\n`, 0o755);
  }

  get #env(): Record<string, string> {
    return { PATH: `${this.path("/bin")}:${process.env["PATH"] ?? ""}` };
  }

  run(script: string, ...args: readonly string[]): Ended {
    const command = [this.path(`/${SCRIPTS}/${script}`), ...args];
    const { status, stdout, stderr } = spawnSync("sh", command, { env: this.#env, encoding: "utf8" });
    return { code: status, output: stdout, complaint: stderr };
  }

  /** Starts a script that does not end by itself, in a process group of its own. */
  start(script: string): ChildProcess {
    const command = [this.path(`/${SCRIPTS}/${script}`)];
    return spawn("sh", command, { env: this.#env, detached: true, stdio: ["ignore", "ignore", "pipe"] });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
