import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { projectDir } from "../vm/paths.ts";
import { until } from "../vm/sh.ts";

/** The wizard on the dry-run backend, as `npm run dev -- --built` serves it. */
export class UiServer {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** @throws {Error} with the server's output when it does not come up */
  static async start(): Promise<UiServer> {
    const args = ["tsx", "main/shells/dev/start.ts", "--built", "--port", "0"];
    const child = spawn("npx", args, { cwd: projectDir, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const url = await until("the development server", 60_000, () => {
      if (child.exitCode !== null) throw new Error(`the development server ended:\n${output}`);
      return /http:\/\/localhost:\d+\//.exec(output)?.[0];
    });
    return new UiServer(url, child);
  }

  async stop(): Promise<void> {
    if (this.#child.pid === undefined || this.#child.exitCode !== null) return;
    const ended = once(this.#child, "close");
    // npx and tsx are processes of their own, in a group of their own.
    process.kill(-this.#child.pid, "SIGTERM");
    await ended;
  }
}
