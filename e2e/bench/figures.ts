import * as z from "zod";
import { InstallResult } from "../../app/events.ts";
import { pageRows, UiFigures, windowMemory, windowRows } from "./ui-figures.ts";

/** Seconds that each way of writing one system into the encrypted volume took, in the same guest. */
export const CopyFigures = z.strictObject({
  /** Raw copy of the image into the logical volume with dd, flushed to the disk: as fast as a plain copy gets. */
  rawWrite: z.number(),
  /** Sequential read of what was written, without the page cache. */
  rawRead: z.number(),
  /** rsync from a squashfs mount into ext4, the way of Calamares' unpackfs; without any verification. */
  rsync: z.number(),
  /** unsquashfs into ext4, without any verification. */
  unsquashfs: z.number(),
  /** One Argon2id computation with the parameters of the installed passphrase slot. */
  argon2: z.number(),
});
export type CopyFigures = z.infer<typeof CopyFigures>;

export const BuildFigures = z.object({
  /** Wall-clock seconds of `npm run iso` with nothing to do. */
  warm: z.number(),
  /** Wall-clock seconds from a change of the engine's TypeScript alone to a new ISO. */
  rebuild: z.number(),
  /** Each stage's latest run, from out/build.json. */
  stages: z.array(z.object({ stage: z.string(), seconds: z.number(), bytes: z.int() })),
});
export type BuildFigures = z.infer<typeof BuildFigures>;

export const Figures = z.strictObject({
  date: z.iso.datetime(),
  commit: z.string(),
  host: z.strictObject({ cpu: z.string(), cpus: z.int(), memory: z.int(), accel: z.enum(["kvm", "tcg"]) }),
  build: BuildFigures.nullable(),
  /** Seconds from power-on to the root shell of the live system, and to the first event of the installation. */
  boot: z.strictObject({ shell: z.number(), countdown: z.number() }).nullable(),
  install: InstallResult.nullable(),
  copy: CopyFigures.nullable(),
  ui: UiFigures.nullable(),
});
export type Figures = z.infer<typeof Figures>;

export interface Verdict {
  readonly what: string;
  readonly value: number | null;
  readonly limit: number;
  readonly unit: "×" | "%" | "MB" | "kB" | "s" | "ms";
  /** null: not measured. */
  readonly met: boolean | null;
}

function jobSeconds(install: InstallResult, ids: readonly string[]): number {
  return install.jobs.filter((job) => ids.includes(job.id)).reduce((sum, job) => sum + job.seconds, 0);
}

function totalSeconds(install: InstallResult): number {
  return install.jobs.reduce((sum, job) => sum + job.seconds, 0);
}

function writeAgainstFloor({ install, copy }: Figures): number | null {
  if (!install || !copy) return null;
  return jobSeconds(install, ["write-root", "verify-root"]) / (copy.rawWrite + copy.rawRead);
}

/** Each computes Argon2id once: when the passphrase's slot is made, and when the passphrase is proven to open it. */
const ARGON2_JOBS = ["encrypt", "keyslots"];

/** Share of the installation, in percent, that is neither key derivation nor copying nor verifying. */
function overhead({ install, copy }: Figures): number | null {
  if (!install || !copy) return null;
  const argon2 = ARGON2_JOBS.reduce((sum, id) => sum + Math.min(copy.argon2, jobSeconds(install, [id])), 0);
  const total = totalSeconds(install);
  return ((total - argon2 - jobSeconds(install, ["write-root", "verify-root"])) / total) * 100;
}

function scaled(value: number | null | undefined, unit: number): number | null {
  return value === null || value === undefined ? null : value / unit;
}

function verdict(what: string, value: number | null, limit: number, unit: Verdict["unit"]): Verdict {
  return { what, value, limit, unit, met: value === null ? null : value <= limit };
}

function uiVerdicts(ui: UiFigures | null): Verdict[] {
  const page = ui?.page ?? null;
  const window = ui?.window ?? null;
  const start = window && window.firstScreen / window.emptyPage;
  return [
    verdict("bundle of the first screen, gzip, without fonts", scaled(page?.bundle, 1000), 350, "kB"),
    verdict("npm run dev, until the page is served", page?.devServer ?? null, 3, "s"),
    verdict("input to next paint", page?.input.nextPaint ?? null, 100, "ms"),
    verdict("page and server at rest, on this computer", page?.idle ?? null, 2, "%"),
    verdict("daemon, shell and Chromium, resident", scaled(window && windowMemory(window), 1e6), 450, "MB"),
    verdict("first screen, against an empty page", start, 1.3, "×"),
    verdict("window and daemon at rest, in the guest", window?.idle ?? null, 2, "%"),
  ];
}

/** The project's targets against what was measured. */
export function verdicts(figures: Figures): Verdict[] {
  return [
    verdict("write + verify, against a raw copy + read", writeAgainstFloor(figures), 1.5, "×"),
    verdict("installation outside Argon2id, copy and verify", overhead(figures), 20, "%"),
    verdict("peak memory of the engine", scaled(figures.install?.peakMemory, 1e6), 120, "MB"),
    verdict("rebuild after a change of the engine", figures.build?.rebuild ?? null, 60, "s"),
    ...uiVerdicts(figures.ui),
  ];
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((row) => (row[n] ?? "").length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join("  ");
  return rows.map((row) => `  ${line(row).trimEnd()}`).join("\n");
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

function installTable(install: InstallResult): string {
  const rows = install.jobs.map((job) => [job.id, seconds(job.seconds), job.outcome]);
  return columns([...rows, ["total", seconds(totalSeconds(install)), install.outcome]]);
}

function buildTable(build: BuildFigures): string {
  const rows = build.stages.map(({ stage, seconds: took, bytes }) => [
    stage,
    seconds(took),
    `${Math.round(bytes / 1e6)} MB`,
  ]);
  const again = ["again, nothing changed", seconds(build.warm), ""];
  return columns([...rows, again, ["again, the engine changed", seconds(build.rebuild), ""]]);
}

function copyTable(copy: CopyFigures, install: InstallResult | null): string {
  const floor = copy.rawWrite + copy.rawRead;
  const row = (what: string, value: number, proven: string): string[] => [
    what,
    seconds(value),
    `${(value / floor).toFixed(2)} ×`,
    proven,
  ];
  const ours = install
    ? [row("ours: write, then verify", jobSeconds(install, ["write-root", "verify-root"]), "yes")]
    : [];
  return columns([
    row("floor: raw copy, then read", floor, "no"),
    ...ours,
    row("unsquashfs into ext4", copy.unsquashfs, "no"),
    row("rsync from squashfs into ext4", copy.rsync, "no"),
  ]);
}

const decimals: Readonly<Record<Verdict["unit"], number>> = { "×": 2, "%": 1, MB: 0, kB: 0, s: 1, ms: 0 };

function verdictTable(figures: Figures): string {
  const word = { true: "met", false: "MISSED", null: "not measured" } as const;
  return columns(
    verdicts(figures).map((v) => {
      const value = v.value === null ? "-" : `${v.value.toFixed(decimals[v.unit])} ${v.unit}`;
      return [v.what, value, `at most ${v.limit} ${v.unit}`, word[`${v.met}`]];
    }),
  );
}

/** The whole result for people. */
export function report(figures: Figures): string {
  const { host, build, boot, install, copy, ui } = figures;
  const parts = [
    `${figures.date}, ${figures.commit}, ${host.cpus} × ${host.cpu}, ${host.accel}`,
    build && `Build\n${buildTable(build)}`,
    boot &&
      `Live system\n  to a shell  ${seconds(boot.shell)}\n  to the installer's countdown  ${seconds(boot.countdown)}`,
    install && `Installation (seconds in the guest)\n${installTable(install)}`,
    copy &&
      `Writing one system into the encrypted volume (last column: every byte proven)\n${copyTable(copy, install)}`,
    ui && `Graphical installer on this computer, dry run\n${columns(pageRows(ui.page))}`,
    ui?.window && `Graphical installer in the guest\n${columns(windowRows(ui.window))}`,
    `Targets\n${verdictTable(figures)}`,
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}
