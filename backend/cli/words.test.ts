import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { EventPort } from "./event-port.ts";
import { Narrator } from "./words.ts";

it("one line per job that is rewritten on a terminal", () => {
  let text = "";
  const narrator = new Narrator({ write: (more) => (text += more), isTerminal: true });
  narrator.show({ event: "job-started", job: "write-root", title: "Copy the system", t: 10 });
  narrator.show({ event: "job-progress", job: "write-root", done: 0.5, overall: 0.25, t: 20 });
  narrator.show({ event: "job-finished", job: "write-root", seconds: 12, t: 22 });
  expect(text).toBe(
    "\r\x1b[KCopy the system\r\x1b[KCopy the system: 50 % (all: 25 %, about 1 min 0 s left)\n  done in 12 s\n",
  );
});

it("control characters from a disk or program do not reach the terminal", () => {
  let text = "";
  const narrator = new Narrator({ write: (more) => (text += more), isTerminal: false });
  narrator.show({ event: "notice", code: "x", message: "evil \x1b[2J name", t: 0 });
  expect(text).toBe("Note: evil ?[2J name [x]\n");
});

it("a port that nobody reads never blocks the run, and a late reader gets the first events", async () => {
  const fifo = join(mkdtempSync(join(tmpdir(), "silver-port-")), "port");
  execFileSync("mkfifo", [fifo]);
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  const port = EventPort.open(fifo);
  const began = performance.now();
  for (let count = 0; count < 20_000; count += 1)
    port.send({ event: "notice", code: "n", message: "x".repeat(80), t: count });
  expect(performance.now() - began).toBeLessThan(3000);
  const buffer = Buffer.alloc(200);
  readSync(reader, buffer);
  expect(buffer.toString()).toMatch(/^\{"event":"notice","code":"n"/);
  await port.close();
  closeSync(reader);
});
