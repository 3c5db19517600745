import { describe, expect, it } from "vitest";
import { bar, Progress } from "./progress.ts";

describe("bar", () => {
  it("fills from left to right and never past its ends", () => {
    expect(bar(0)).toBe("[....................]   0 %");
    expect(bar(0.5)).toBe("[##########..........]  50 %");
    expect(bar(1)).toBe("[####################] 100 %");
  });
});

describe("Progress", () => {
  const run = (live: boolean): string => {
    let text = "";
    const progress = new Progress((part) => (text += part), live);
    progress.event({ t: 0, event: "job-started", job: "encrypt", title: "Encrypt the disk" });
    progress.event({ t: 1, event: "job-progress", job: "encrypt", done: 0.5, overall: 0.1 });
    progress.event({ t: 2, event: "job-finished", job: "encrypt", seconds: 2 });
    return text;
  };

  it("prints one plain line for each finished job into a log", () => {
    expect(run(false)).toBe("  ✓ Encrypt the disk (2.0 s)\n");
  });

  it("redraws the running job on a terminal and clears it when it is done", () => {
    expect(run(true)).toContain("[##..................]  10 % Encrypt the disk\r\x1b[K  ✓ Encrypt the disk (2.0 s)\n");
  });
});
