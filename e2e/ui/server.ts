import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { projectDir } from "../vm/paths.ts";
import { until } from "../vm/sh.ts";

/** `npm run dev` with what `npm run build:ui` made, without looking whether everything is set up. */
const BUILT = [process.execPath, "--import", "tsx", "main/shells/dev/start.ts", "--built", "--port", "0"] as const;

/** The wizard on the dry-run backend, served by the development server. */
export class UiServer {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /**
   * @param command what starts it
   * @throws {Error} with the server's output when it does not come up
   */
  static async start([program, ...args]: readonly [string, ...string[]] = BUILT): Promise<UiServer> {
    const child = spawn(program, args, { cwd: projectDir, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const ready = () => {
      if (child.exitCode !== null) throw new Error(`the development server ended:\n${output}`);
      return /http:\/\/localhost:\d+\//.exec(output)?.[0];
    };
    const url = await until("the development server", 60_000, ready, 20);
    return new UiServer(url, child);
  }

  async stop(): Promise<void> {
    if (this.#child.pid === undefined || this.#child.exitCode !== null) return;
    const ended = once(this.#child, "close");
    // The daemon and what npm starts are processes of their own, in one group.
    process.kill(-this.#child.pid, "SIGTERM");
    await ended;
  }
}
