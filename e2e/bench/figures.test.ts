import { describe, expect, test } from "vitest";
import type { InstallResult } from "../../app/events.ts";
import { type Figures, report, verdicts } from "./figures.ts";

const install: InstallResult = {
  apiVersion: "silvermetal/result/v1",
  outcome: "installed",
  release: "0.1.0",
  startedAt: "2026-01-01T00:00:00Z",
  finishedAt: "2026-01-01T00:02:00Z",
  disk: null,
  tpm2: true,
  jobs: [
    { id: "encrypt", seconds: 26, outcome: "done" },
    { id: "write-root", seconds: 40, outcome: "done" },
    { id: "verify-root", seconds: 20, outcome: "done" },
    { id: "data", seconds: 14, outcome: "done" },
  ],
  peakMemory: 90_000_000,
  notices: [],
  error: null,
  recoveryKeyFile: null,
  enrolment: "none",
  mokPasswordFile: null,
};

const figures: Figures = {
  date: "2026-01-01T00:00:00Z",
  commit: "abc",
  host: { cpu: "some CPU", cpus: 2, memory: 1, accel: "tcg" },
  build: {
    warm: 2,
    rebuild: 61,
    stages: [
      { stage: "tools", seconds: 300, bytes: 1 },
      { stage: "root", seconds: 50, bytes: 1 },
      { stage: "iso", seconds: 9, bytes: 1 },
    ],
  },
  boot: { shell: 60, countdown: 70 },
  install,
  copy: { rawWrite: 25, rawRead: 15, rsync: 120, unsquashfs: 80, argon2: 20 },
  ui: {
    page: {
      bundle: 349_000,
      devServer: 3.1,
      input: { interactions: 200, nextPaint: 64, slowest: 120 },
      idle: 0.4,
    },
    window: {
      memory: [
        { name: "daemon", bytes: 60_000_000 },
        { name: "Chromium: renderer", bytes: 380_000_000 },
      ],
      compositor: 20_000_000,
      firstScreen: 70,
      emptyPage: 50,
      idle: 2.5,
    },
  },
};

describe("verdicts", () => {
  test("compare each figure with its target", () => {
    expect(verdicts(figures).map(({ value, met }) => [value, met])).toEqual([
      [1.5, true],
      [20, true],
      [90, true],
      [61, false],
      [349, true],
      [3.1, false],
      [64, true],
      [0.4, true],
      [440, true],
      [1.4, false],
      [2.5, false],
    ]);
  });

  test("Argon2id can not explain more than the job it runs in", () => {
    const slow = { ...figures, copy: { ...figures.copy!, argon2: 100 } };
    expect(verdicts(slow)[1]?.value).toBeCloseTo(14, 5);
  });

  test("Argon2id runs again where the passphrase is proven", () => {
    const jobs = [...install.jobs, { id: "keyslots" as const, seconds: 21, outcome: "done" as const }];
    const twice = { ...figures, install: { ...install, jobs } };
    expect(verdicts(twice)[1]?.value).toBeCloseTo((100 * (121 - 2 * 20 - 60)) / 121, 5);
  });

  test("say when something was not measured", () => {
    const nothing = { ...figures, build: null, install: null, copy: null, boot: null, ui: null };
    expect(verdicts(nothing).map(({ value, met }) => [value, met])).toEqual(Array(11).fill([null, null]));
    expect(report(nothing)).toContain("not measured");
  });

  test("say so for the guest alone", () => {
    const ui = { page: figures.ui!.page, window: null };
    expect(
      verdicts({ ...figures, ui })
        .slice(-3)
        .map(({ met }) => met),
    ).toEqual([null, null, null]);
  });

  test("peak memory may be unknown", () => {
    expect(verdicts({ ...figures, install: { ...install, peakMemory: null } })[2]?.met).toBeNull();
  });
});

test("the report has every part", () => {
  const text = report(figures);
  for (const word of [
    "Build",
    "Live system",
    "verify-root",
    "1.50 ×",
    "3.00 ×",
    "rsync",
    "MISSED",
    "met",
    "dry run",
    "in the guest",
    "440 MB",
  ]) {
    expect(text).toContain(word);
  }
});
