import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Socket } from "node:net";
import { fatVolume } from "./disks.ts";
import { need, outDir } from "./paths.ts";
import { tryConnect } from "./qmp.ts";
import type { GuestResult } from "./serial.ts";
import { until } from "./sh.ts";

/** virtio-serial port on which the QA boot's root shell listens. */
export const QA_PORT = "silvermetal.qa";

/**
 * The guest end of the root shell. Reads lines `ID SECONDS xSCRIPT xSTDIN` (base64 after the x, so that nothing is ever empty), answers
 * `ID CODE xSTDOUT xSTDERR`. Plain /bin/sh: it must work before anything else does.
 */
export const AGENT = `
port=/dev/virtio-ports/${QA_PORT}
while [ ! -e "$port" ]; do sleep 0.2; done
exec <>"$port" >&0
dir=/run/silver-qa
mkdir -p -m 700 "$dir"
export HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin
cd /root 2>/dev/null || cd /
echo ready
while read -r id seconds script stdin; do
  case "$id" in hello) echo "ready $seconds"; continue;; esac
  echo "\${script#x}" | base64 -d >"$dir/script"
  echo "\${stdin#x}" | base64 -d >"$dir/in"
  timeout -k 5 "$seconds" sh "$dir/script" <"$dir/in" >"$dir/out" 2>"$dir/err"
  code=$?
  printf '%s %s x%s x%s\\n' "$id" "$code" "$(base64 -w0 "$dir/out")" "$(base64 -w0 "$dir/err")"
done
`;

const UNIT = `[Unit]
Description=QA root shell
DefaultDependencies=no
After=systemd-tmpfiles-setup-dev-early.service
ConditionPathExists=!/etc/initrd-release
[Service]
ExecStart=/bin/sh /run/credentials/@system/silver-qa.sh
Restart=always
RestartSec=1
`;

function credential(name: string, contents: string): string {
  return `io.systemd.credential.binary:${name}=${Buffer.from(contents).toString("base64")}`;
}

/** What a machine with the QA image gets besides its root shell, by names with suffix. */
export interface QaExtras {
  /** Units that are started with the system. */
  readonly units?: Readonly<Record<string, string>>;
  /** Drop-ins of the image's own units. */
  readonly dropins?: Readonly<Record<string, string>>;
  /** Executable files that are there before services start, by absolute paths. */
  readonly files?: Readonly<Record<string, string>>;
}

/** SMBIOS strings that make a system which imports credentials (the QA image alone does) run the root shell. */
export function qaOemStrings({ units = {}, dropins = {}, files = {} }: QaExtras = {}): string[] {
  const started = { "silver-qa.service": UNIT, ...units };
  const wants = `[Unit]\nWants=${Object.keys(started).join(" ")}\n`;
  // tmpfiles.d(5): f makes a file, ~ says that its contents are in base64.
  const lines = Object.entries(files).map(
    ([path, contents]) => `f~ ${path} 0755 - - - ${Buffer.from(contents).toString("base64")}\n`,
  );
  return [
    credential("silver-qa.sh", AGENT),
    ...(lines.length === 0 ? [] : [credential("tmpfiles.extra", lines.join(""))]),
    ...Object.entries(started).map(([name, text]) => credential(`systemd.extra-unit.${name}`, text)),
    ...Object.entries({ ...dropins, "sysinit.target": wants }).map(([name, text]) =>
      credential(`systemd.unit-dropin.${name}`, text),
    ),
  ];
}

/** A small raw USB disk that boots the QA image on machines that trust the QA certificate. */
export async function qaBootDisk(path: string): Promise<string> {
  const how = "The image build makes it: npm run iso";
  const from = (name: string) => readFileSync(need(join(outDir, "qa", name), how));
  const uki = from("silvermetal-qa.efi");
  return fatVolume(path, "SILVER_QA", uki.byteLength + 64 * 1024 * 1024, {
    "EFI/BOOT/BOOTX64.EFI": from("shimx64.efi"),
    "EFI/BOOT/grubx64.efi": from("grubx64.efi"),
    "EFI/Linux/silvermetal-qa.efi": uki,
    "loader/loader.conf": "timeout 0\n",
  });
}

/** The line that asks the agent to run `script`. */
export function request(id: string, script: string, stdin: string | Uint8Array, seconds: number): string {
  const base64 = (value: string | Uint8Array) => Buffer.from(value as Uint8Array).toString("base64");
  return `${id} ${String(Math.ceil(seconds))} x${base64(script)} x${base64(stdin)}\n`;
}

/** An answer line of the agent; null for anything else. */
export function parseAnswer(line: string): ({ id: string } & GuestResult) | null {
  const found = /^(\w+) (\d+) x([A-Za-z0-9+/=]*) x([A-Za-z0-9+/=]*)$/.exec(line.trim());
  if (!found) return null;
  const text = (base64: string | undefined) => Buffer.from(base64 ?? "", "base64").toString("utf8");
  return { id: found[1] ?? "", code: Number(found[2]), stdout: text(found[3]), stderr: text(found[4]) };
}

export interface GuestRunOptions {
  readonly stdin?: string | Uint8Array;
  /** Milliseconds; one minute unless told. */
  readonly timeoutMs?: number;
}

/** The root shell of a machine booted with the QA image. */
export class Guest {
  readonly #socket: Socket;
  #text = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8").on("data", (chunk: string) => (this.#text += chunk));
    socket.on("error", () => undefined);
  }

  static async connect(path: string): Promise<Guest> {
    return new Guest(await until("the QA port's socket", 10_000, () => tryConnect(path)));
  }

  /** Waits until the guest's shell answers. */
  async ready(timeoutMs: number): Promise<void> {
    const word = randomBytes(4).toString("hex");
    await until(
      "the QA root shell",
      timeoutMs,
      () => {
        this.#socket.write(`hello ${word}\n`);
        return this.#text.includes(`ready ${word}`) ? true : undefined;
      },
      500,
    );
  }

  /**
   * Runs a /bin/sh script as root. Only one at a time; what it leaves in the background goes on.
   * @throws {Error} when there is no answer in time (the guest stops the script by itself).
   */
  async run(script: string, options: GuestRunOptions = {}): Promise<GuestResult> {
    const id = `r${randomBytes(6).toString("hex")}`;
    const timeoutMs = options.timeoutMs ?? 60_000;
    this.#text = "";
    this.#socket.write(request(id, script, options.stdin ?? "", timeoutMs / 1000));
    return until(
      `answer to: ${script.slice(0, 200)}`,
      timeoutMs + 15_000,
      () => {
        const end = this.#text.lastIndexOf("\n");
        const lines = end < 0 ? [] : this.#text.slice(0, end).split("\n");
        return lines.map(parseAnswer).find((answer) => answer?.id === id) ?? undefined;
      },
      50,
    );
  }

  /** Like {@link run}. @throws {Error} with all output when the script fails. */
  async ok(script: string, options: GuestRunOptions = {}): Promise<string> {
    const result = await this.run(script, options);
    if (result.code !== 0) throw new Error(`${script}\n→ ${String(result.code)}: ${result.stderr}${result.stdout}`);
    return result.stdout.trim();
  }

  close(): void {
    this.#socket.destroy();
  }
}
