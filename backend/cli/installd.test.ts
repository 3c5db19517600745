import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLine } from "./installd-command.ts";

describe("the command line", () => {
  it.each([
    [[], { machine: null, socket: null, help: false }],
    [["--dry-run"], { machine: "laptop-windows", socket: null, help: false }],
    [["--dry-run", "twin-nvme", "--socket", "/x"], { machine: "twin-nvme", socket: "/x", help: false }],
    [["-h"], { machine: null, socket: null, help: true }],
  ])("%j", (argv, line) => {
    expect(readLine(argv)).toEqual(line);
  });

  it.each([[["--dry-run", "toaster"]], [["twin-nvme"]], [["--dry-run", "no-tpm", "x"]], [["--wet-run"]]])(
    "%j is refused",
    (argv) => {
      expect(() => readLine(argv)).toThrow();
    },
  );
});

describe("the daemon", () => {
  const folder = mkdtempSync(join(process.cwd(), ".cache", "installd-"));
  const path = join(tmpdir(), `silver-installd-${String(process.pid)}`);
  const bundle = join(folder, "installd.mjs");
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    const entry = { entryPoints: ["backend/cli/installd.ts"], outfile: bundle };
    const banner = {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    };
    cpSync("backend/dryrun/machines", join(folder, "machines"), { recursive: true });
    cpSync("backend/dryrun/keyboards.json", join(folder, "keyboards.json"));
    await build({
      ...entry,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      logLevel: "silent",
      banner,
    });
  });
  afterAll(() => {
    for (const child of running) child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
    rmSync(path, { force: true });
  });

  it("compiles to one file that holds no recorded machine", () => {
    expect(readFileSync(bundle, "utf8")).not.toContain("S5GXNX0R812345K");
  });

  it("without a socket says so", async () => {
    const child = spawn(process.execPath, [bundle]);
    let text = "";
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const code = await new Promise((resolve) => child.on("exit", resolve));
    expect(code).not.toBe(0);
    expect(text).toContain("--socket PATH");
  });

  const firstBytes = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.on("error", reject);
      socket.on("close", reject);
      socket.once("data", (chunk: Buffer) => {
        socket.destroy();
        resolve(chunk.toString());
      });
    });

  function start(command: string, fd: "ignore" | number): ChildProcess {
    const script = command.replace("DAEMON", `"${process.execPath}" "${bundle}" --dry-run`);
    const child = spawn("sh", ["-c", script], { stdio: ["ignore", "inherit", "inherit", fd] });
    running.push(child);
    return child;
  }

  it("makes its socket, serves it, and takes it away when it is told to stop", async () => {
    const child = start(`exec DAEMON --socket ${path}`, "ignore");
    await expect.poll(() => firstBytes().catch(() => ""), { timeout: 15_000 }).toContain("session/changed");
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  it("serves the socket that systemd passes", async () => {
    const opener = createServer();
    await new Promise<void>((resolve) => opener.listen(path, resolve));
    const { fd } = (opener as unknown as { _handle: { fd: number } })._handle;
    const child = start("LISTEN_PID=$$ LISTEN_FDS=1 exec DAEMON", fd);
    // Both processes accept until the opener's own handle is closed; closing it by `close` would remove the path.
    opener.on("connection", (socket) => socket.destroy());
    await expect.poll(() => firstBytes().catch(() => ""), { timeout: 15_000 }).toContain("session/changed");
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(0);
    opener.close();
  });
});
