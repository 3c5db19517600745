import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { activatedFd, listenOn } from "./listen.ts";

let folder: string;
let path: string;
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "silver-listen-"));
  path = join(folder, "s");
});
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function server(): Server {
  const made = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end("hello");
  });
  servers.push(made);
  return made;
}

const greeting = (): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = "";
    connect(path)
      .on("data", (chunk: Buffer) => (text += chunk.toString()))
      .on("end", () => {
        resolve(text);
      })
      .on("error", reject);
  });

describe("activatedFd", () => {
  it.each([
    [{}, null],
    [{ LISTEN_PID: "7", LISTEN_FDS: "1" }, 3],
    [{ LISTEN_PID: "8", LISTEN_FDS: "1" }, null],
    [{ LISTEN_PID: "7", LISTEN_FDS: "0" }, null],
    [{ LISTEN_PID: "7" }, null],
  ])("%j: %s", (env, fd) => {
    expect(activatedFd(env, 7)).toBe(fd);
    expect(env).toEqual({});
  });

  it("takes one socket alone", () => {
    expect(() => activatedFd({ LISTEN_PID: "7", LISTEN_FDS: "2" }, 7)).toThrow("2 sockets");
  });
});

describe("a socket of our own", () => {
  it("is for this user alone, whatever the umask, from the first moment on", async () => {
    const before = process.umask(0);
    await listenOn(server(), { path });
    expect(process.umask(before)).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await greeting()).toBe("hello");
  });

  it("takes the place of one that nobody answers on", async () => {
    const left: ChildProcess = spawn(process.execPath, [
      "-e",
      `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`,
    ]);
    await new Promise((resolve) => left.on("exit", resolve));
    expect(existsSync(path)).toBe(true);
    await listenOn(server(), { path });
    expect(await greeting()).toBe("hello");
  });

  it("leaves a daemon that runs, and a file that is no socket", async () => {
    await listenOn(server(), { path });
    await expect(listenOn(server(), { path })).rejects.toThrow("already listens");
    expect(await greeting()).toBe("hello");
    const file = join(folder, "file");
    writeFileSync(file, "precious");
    chmodSync(file, 0o644);
    await expect(listenOn(server(), { path: file })).rejects.toThrow("no socket");
    expect(statSync(file).size).toBe(8);
  });
});
