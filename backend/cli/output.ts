import { readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { eventLines } from "../../app/event-lines.ts";
import { InstallResult, type InstallEvent } from "../../app/events.ts";
import type { Plan } from "../../app/plan.ts";
import { product } from "../../app/product.ts";
import type { Secret } from "../../app/secret.ts";
import { enrolmentOutcome } from "../../app/wizard/enrolment.ts";
import type { EngineResult } from "../machine/engine.ts";
import { freeName, writeWhole } from "../tools/whole-file.ts";
import { TPM_FAILED } from "../jobs/tpm2/index.ts";

const PROBE_BYTES = 4096;

/** Finds out whether a small file could be kept. @throws {Error} of the file system, when the medium is write-protected, full or gone */
export async function tryWriting(folder: string): Promise<void> {
  const name = "silver-probe";
  await writeWhole(folder, name, Buffer.alloc(PROBE_BYTES));
  await unlink(join(folder, name));
}

/** `installed.jsonl`, or nothing where the medium has none yet. @throws {Error} when it can not be read */
export async function readInstalled(folder: string): Promise<string> {
  return readFile(join(folder, product.installedFile), "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  });
}

/** Notes on the answer medium that a disk was installed; what earlier runs noted stays. */
export async function appendInstalled(folder: string, disk: Plan["disk"]): Promise<void> {
  const before = await readInstalled(folder);
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  await writeWhole(folder, product.installedFile, `${before}${gap}${JSON.stringify(disk)}\n`);
}

/** Writes a secret to the answer medium, as the answers ask. @returns the file's name */
export async function writeSecret(folder: string, stem: string, secret: Secret): Promise<string> {
  const name = await freeName(folder, `${stem}.txt`);
  await writeWhole(folder, name, Buffer.concat([secret.bytes(), Buffer.from("\n")]));
  return name;
}

/** Names of the files on the answer medium that hold secrets; null where there is none. */
export type SecretFiles = Pick<InstallResult, "recoveryKeyFile" | "mokPasswordFile">;
export const noSecretFiles: SecretFiles = { recoveryKeyFile: null, mokPasswordFile: null };

export interface Report extends SecretFiles {
  readonly startedAt: Date;
  readonly result: EngineResult;
  readonly events: readonly InstallEvent[];
}

/** Whether the TPM opens the disk: it was planned, and its enrolment did not turn into a notice. */
function tpmHolds({ outcome, plan, notices }: EngineResult): boolean {
  if (outcome !== "installed" || plan === null) return false;
  return plan.encryption.tpm2 && !notices.some(({ code }) => code === TPM_FAILED);
}

/** What was done for our key: what was planned, unless that turned into a notice. */
function enrolmentOf({ outcome, plan, notices }: EngineResult): InstallResult["enrolment"] {
  if (outcome !== "installed" || plan === null) return "none";
  const done = enrolmentOutcome({ ...plan, notices: [...notices] });
  return done === "failed" ? "none" : done;
}

/** `result.json`. */
export function resultOf({ startedAt, result, recoveryKeyFile, mokPasswordFile }: Report): InstallResult {
  return InstallResult.parse({
    apiVersion: "silvermetal/result/v1",
    outcome: result.outcome,
    release: result.plan?.release ?? null,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    disk: result.plan?.disk ?? null,
    tpm2: tpmHolds(result),
    enrolment: enrolmentOf(result),
    jobs: result.jobs,
    // ru_maxrss is in KiB on Linux (getrusage(2)).
    peakMemory: process.resourceUsage().maxRSS * 1024,
    notices: result.notices,
    error: result.error,
    recoveryKeyFile,
    mokPasswordFile,
  });
}

/** `install.log`: the run in words, then the same as JSON lines. */
export function logText(events: readonly InstallEvent[]): string {
  const words = events.flatMap((event) =>
    eventLines(event).map((line) => `${event.t.toFixed(1).padStart(8)}  ${line}`),
  );
  return [...words, "", ...events.map((event) => JSON.stringify(event)), ""].join("\n");
}

/** Leaves result and log on the answer medium. */
export async function writeReport(folder: string, report: Report): Promise<void> {
  await writeWhole(folder, product.logFile, logText(report.events));
  await writeWhole(folder, product.resultFile, `${JSON.stringify(resultOf(report), null, 2)}\n`);
}
