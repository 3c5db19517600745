import type { Socket } from "node:net";
import { randomBytes } from "node:crypto";
import { tryConnect } from "./qmp.ts";
import { until } from "./sh.ts";

export interface GuestResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Terminal control sequences (ECMA-48 CSI and OSC, single escapes) and carriage returns. */
// eslint-disable-next-line no-control-regex
const CONTROL = /\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_=>()][0-9A-B]?|\r|\x07/g;

/** Text as a reader of the terminal sees it. */
export function plainText(raw: string): string {
  return raw.replaceAll(CONTROL, "");
}

/** Text of a marker in a form whose echo by a terminal does not look like the marker. */
function disguised(marker: string): string {
  return `${marker.slice(0, 2)}""${marker.slice(2)}`;
}

/** Finds `<marker sum base64 marker>` and gives the decoded text; null while it is not there or damaged. */
export function decodeFrame(text: string, marker: string): string | null {
  const found = new RegExp(`${marker} (\\d+) ([A-Za-z0-9+/=\\s]*) ${marker}`).exec(text);
  if (!found) return null;
  const decoded = Buffer.from((found[2] ?? "").replaceAll(/\s/g, ""), "base64");
  return decoded.byteLength === Number(found[1]) ? decoded.toString("utf8") : null;
}

/** The machine's first serial port: everything it says, and a way to answer like a person at a terminal. */
export class Serial {
  readonly #socket: Socket;
  #raw = "";
  #seen = 0;
  #ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8").on("data", (chunk: string) => (this.#raw += chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => (this.#ended = true));
  }

  static async connect(path: string): Promise<Serial> {
    return new Serial(await until("the serial port's socket", 10_000, () => tryConnect(path)));
  }

  /** Everything so far, without control sequences. */
  get text(): string {
    return plainText(this.#raw);
  }

  /** What came since the last successful {@link waitFor}. */
  get unread(): string {
    return this.text.slice(this.#seen);
  }

  /**
   * Waits for text after what earlier calls matched.
   * @throws {Error} with the last lines when it does not come, when `unless` comes first, or when the machine ends.
   */
  async waitFor(pattern: RegExp, timeoutMs: number, unless?: RegExp): Promise<RegExpExecArray> {
    const start = this.#seen;
    const check = (): RegExpExecArray | undefined => {
      const text = this.text.slice(start);
      const found = new RegExp(pattern.source, pattern.flags.replace("g", "")).exec(text);
      if (found) {
        this.#seen = start + found.index + found[0].length;
        return found;
      }
      if (unless?.test(text) === true) throw new Error(`serial port: ${String(unless)} came before ${String(pattern)}`);
      if (this.#ended) throw new Error(`serial port: the machine ended before ${String(pattern)}`);
      return undefined;
    };
    try {
      return await until(`serial port: ${String(pattern)}`, timeoutMs, check);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n--- last lines ---\n${this.text.slice(-1500)}`, { cause: error });
    }
  }

  /** Lets later waits match only what comes from now on. */
  forget(): void {
    this.#seen = this.text.length;
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  line(text: string): void {
    this.write(`${text}\r`);
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** A shell on the serial port after a login; commands are framed so that kernel messages cannot mix in unseen. */
export class SerialShell {
  readonly #serial: Serial;
  readonly #timeoutMs: number;

  private constructor(serial: Serial, timeoutMs: number) {
    this.#serial = serial;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Logs in at a login prompt (waiting for it), then becomes root with sudo and quietens the kernel.
   * @throws {Error} when the prompt does not come or the password is refused.
   */
  static async login(serial: Serial, user: string, password: string, timeoutMs: number): Promise<SerialShell> {
    await serial.waitFor(/login: ?$/, timeoutMs);
    serial.line(user);
    await serial.waitFor(/Password: ?$/, timeoutMs / 2);
    serial.line(password);
    const shell = new SerialShell(serial, timeoutMs / 2);
    await serial.waitFor(/[$#] ?$/, timeoutMs, /Login incorrect/);
    await shell.#settle();
    return shell;
  }

  async #settle(): Promise<void> {
    const marker = `rdy${randomBytes(4).toString("hex")}`;
    this.#serial.line(`stty -echo cols 4000; unset PROMPT_COMMAND; PS1= PS2=; echo ${disguised(marker)}`);
    await this.#serial.waitFor(new RegExp(`${marker}\\s`), this.#timeoutMs);
  }

  /** Turns this shell into root's. @throws {Error} when sudo refuses. */
  async becomeRoot(password: string): Promise<void> {
    const ask = `pw${randomBytes(4).toString("hex")}`;
    this.#serial.line(`sudo -p ${disguised(ask)} -i`);
    await this.#serial.waitFor(new RegExp(ask), this.#timeoutMs);
    this.#serial.line(password);
    await this.#serial.waitFor(/# ?$/, this.#timeoutMs, /Sorry|not in the sudoers|incorrect password/);
    await this.#settle();
    await this.run("dmesg -n 1");
  }

  /**
   * Runs a shell command. It runs once; only fetching its output is repeated when the line was disturbed.
   * @throws {Error} when it does not end in time.
   */
  async run(command: string, timeoutMs = this.#timeoutMs): Promise<GuestResult> {
    const id = randomBytes(4).toString("hex");
    const base = `/tmp/.qa-${id}`;
    const script = Buffer.from(command).toString("base64");
    // Pieces below the 4096 bytes that a terminal's canonical mode accepts in one line.
    for (const piece of script.match(/.{1,1500}/g) ?? []) this.#serial.line(`printf %s ${piece} >>${base}.b`);
    const done = `end${id}`;
    const files = `</dev/null >${base}.o 2>${base}.e`;
    this.#serial.line(
      `base64 -d ${base}.b >${base}.s; sh ${base}.s ${files}; echo $? >${base}.c; echo ${disguised(done)}`,
    );
    await this.#serial.waitFor(new RegExp(`${done}\\s`), timeoutMs);
    const code = Number(await this.#fetch(`${base}.c`));
    const result = { code, stdout: await this.#fetch(`${base}.o`), stderr: await this.#fetch(`${base}.e`) };
    this.#serial.line(`rm -f ${base}.?`);
    return result;
  }

  async #fetch(file: string): Promise<string> {
    for (let attempt = 0; attempt < 5; attempt++) {
      const marker = `out${randomBytes(4).toString("hex")}`;
      const frame = `printf '%s %s ' ${disguised(marker)} "$(wc -c <${file})"; base64 ${file}; echo " "${disguised(marker)}`;
      this.#serial.line(frame);
      const pattern = new RegExp(`${marker} [^]*? ${marker}`);
      const found = await this.#serial.waitFor(pattern, this.#timeoutMs).catch(() => null);
      const text = found === null ? null : decodeFrame(found[0], marker);
      if (text !== null) return text;
    }
    throw new Error(`the output in ${file} could not be read undisturbed`);
  }

  /** @throws {Error} with stderr when the command fails. */
  async ok(command: string, timeoutMs?: number): Promise<string> {
    const result = await this.run(command, timeoutMs);
    if (result.code !== 0) throw new Error(`${command}\n→ ${String(result.code)}: ${result.stderr}${result.stdout}`);
    return result.stdout.trim();
  }
}
