import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CommandLine, readCommandLine, usage } from "./command-line.ts";
import { Browser, CHROMIUM } from "./shells/chromium/browser.ts";
import { isQaBoot } from "./shells/chromium/qa.ts";

/** sysexits(3). */
const EX_USAGE = 64;
const EX_NOPERM = 77;

const warn = (message: string): void => void process.stderr.write(`silver-shell: ${message}\n`);

const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });

async function runChromium(line: CommandLine): Promise<number> {
  const runtimeFolder = process.env["XDG_RUNTIME_DIR"];
  if (runtimeFolder === undefined) {
    warn("XDG_RUNTIME_DIR is not set: this has to run in a user's session");
    return EX_USAGE;
  }
  const stopped = stopSignal();
  const options = {
    program: CHROMIUM,
    runtimeFolder,
    env: process.env,
    headless: false,
    qa: line.qaCdp !== null,
    user: null,
  };
  // Chromium takes longest of all, so it starts while the rest of this program is still being read.
  const started = Browser.start({ ...options, accessible: false });
  try {
    const { runWindow } = await import("./window.ts");
    await runWindow({ ...line, browser: options, started, stopped, warn });
  } finally {
    await started.close();
  }
  return 0;
}

/** Electron runs its main process itself, from the bundle beside this one. */
async function runElectron({ socket, ui, electron }: CommandLine): Promise<number> {
  const bundle = fileURLToPath(new URL("silver-shell-electron.mjs", import.meta.url));
  const child = spawn(electron, [bundle, "--socket", socket, "--ui", ui], { stdio: "inherit" });
  void stopSignal().then(() => child.kill());
  return new Promise((resolve) => {
    child.once("error", (error) => {
      warn(error.message);
      resolve(1);
    });
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

async function main(argv: readonly string[]): Promise<number> {
  const line = readCommandLine(argv);
  if (typeof line === "string") {
    warn(line);
    process.stderr.write(usage);
    return EX_USAGE;
  }
  if (line.qaCdp !== null && !isQaBoot(readFileSync("/proc/cmdline", "utf8"))) {
    warn("--qa-cdp is for the QA image alone");
    return EX_NOPERM;
  }
  if (process.getuid?.() === 0) {
    warn("this runs as the user of the window, not as root: Chromium's sandbox needs that");
    return EX_NOPERM;
  }
  return line.shell === "electron" ? runElectron(line) : runChromium(line);
}

process.exitCode = await main(process.argv.slice(2));
