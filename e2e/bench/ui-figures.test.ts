import { describe, expect, test } from "vitest";
import { chromiumArguments, memoryByRole, roleOf } from "./guest-ui.ts";
import { nextPaint } from "./next-paint.ts";
import { parseStat, secondsBelow } from "./processor.ts";

describe("nextPaint", () => {
  const seen = (count: number, ...durations: number[]) => ({
    count,
    interactions: durations.map((duration, id) => ({ id, duration })),
  });

  test("is the slowest of a few interactions", () => {
    expect(nextPaint(seen(49, 24, 80, 40))).toBe(80);
  });

  test("leaves out one of every 50", () => {
    expect(nextPaint(seen(50, 24, 80, 40))).toBe(40);
    expect(nextPaint(seen(149, 24, 80, 40))).toBe(24);
  });

  test("is no more than what is reported at all when all others were faster", () => {
    expect(nextPaint(seen(200, 80, 40))).toBe(16);
  });

  test("needs somebody who does something", () => {
    expect(() => nextPaint(seen(0))).toThrow(RangeError);
  });
});

describe("processor time", () => {
  const line = (pid: number, parent: number, ticks: number): string =>
    `${String(pid)} (a) b (c) S ${String(parent)} 1 1 0 -1 4194304 9 9 9 9 ${String(ticks)} 1 2 3 20 0 1 0 77`;

  test("is read whatever a process is called", () => {
    expect(parseStat(line(12, 7, 94))).toEqual({ pid: 12, parent: 7, seconds: 1 });
  });

  test("is added up over all that a process has started, without its own", () => {
    const all = [line(1, 0, 994), line(2, 1, 94), line(3, 2, 194), line(4, 0, 994)].map(parseStat);
    expect(secondsBelow(1, all)).toBe(3);
  });
});

describe("roles in the guest", () => {
  test.each([
    ["node --max-semi-space-size=2 /usr/lib/silvermetal/silver-installd.mjs ", "daemon"],
    ["node --max-semi-space-size=2 /usr/lib/silvermetal/silver-shell.mjs --socket /run/s", "shell"],
    ["/usr/bin/sway --config /usr/share/silvermetal/kiosk/sway.conf ", "compositor"],
    ["/usr/lib/chromium/chromium --remote-debugging-pipe ", "Chromium: browser"],
    ["/usr/lib/chromium/chromium --type=renderer --lang=en ", "Chromium: renderer"],
    ["/usr/lib/chromium/chromium --type=utility --utility-sub-type=storage.mojom.StorageService ", "Chromium: storage"],
    ["/usr/lib/chromium/chrome_crashpad_handler --monitor-self ", "Chromium: crashpad"],
    ["/usr/bin/dbus-broker-launch --scope user ", null],
    ["/bin/sh /usr/libexec/silvermetal/kiosk-session ", null],
  ])("%s", (commandLine, role) => {
    expect(roleOf(commandLine)).toBe(role);
  });

  test("have the memory of all their processes", () => {
    const zygote = "/usr/lib/chromium/chromium --type=zygote ";
    const output = `1000\t${zygote}\n500\t${zygote}\n10\tdbus-broker\n\t${zygote}`;
    expect([...memoryByRole(output)]).toEqual([["Chromium: zygote", 1500 * 1024]]);
  });
});

describe("chromiumArguments", () => {
  const words = [
    "/usr/lib/chromium/chromium",
    "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--kiosk",
    "--remote-debugging-port=0",
    "--app=data:text/html,",
  ];

  test.each([" ", "\0"])("are told apart where %j stands between them", (between) => {
    expect(chromiumArguments(words.join(between) + between)).toEqual([
      "--host-resolver-rules=MAP * ~NOTFOUND",
      "--kiosk",
    ]);
  });
});
