import { formatSize } from "../../app/answers/size.ts";
import type { Disk, Partition } from "../../app/facts.ts";
import type { Plan } from "../../app/plan.ts";
import { jobsFor } from "../jobs/index.ts";
import type { PlanContext } from "../jobs/context.ts";

type Notice = Plan["notices"][number];

function partitionWords(part: Partition): string {
  const names = [part.partitionLabel, part.fsLabel].filter((name) => name !== null && name !== "");
  const content = part.encryption ?? part.fsType ?? "unknown contents";
  return `${part.path}: ${content}${names.length > 0 ? ` (${names.join(", ")})` : ""}`;
}

/** Everything that the installation destroys. */
function lost(disk: Disk): Plan["lost"] {
  const systems = disk.systems.map(({ name }) => ({ what: `system: ${name}`, size: null }));
  const whole = disk.fsType === null ? [] : [{ what: `${disk.path}: ${disk.fsType}`, size: disk.size }];
  return [...systems, ...whole, ...disk.partitions.map((part) => ({ what: partitionWords(part), size: part.size }))];
}

/** The plan as the very jobs describe it. */
export function makePlan(ctx: PlanContext, notices: readonly Notice[]): Plan {
  const jobs = jobsFor(ctx);
  const total = jobs.reduce((sum, job) => sum + job.weight, 0);
  const { passphrase, recoveryKey } = ctx.answers.encryption;
  return {
    apiVersion: "silvermetal/plan/v1",
    release: ctx.manifest.version,
    disk: {
      path: ctx.disk.path,
      model: ctx.disk.model,
      serial: ctx.disk.serial,
      byId: ctx.disk.byId[0] ?? null,
      size: ctx.disk.size,
    },
    lost: lost(ctx.disk),
    encryption: {
      passphrase: typeof passphrase === "object" && "generate" in passphrase ? "generated" : "given",
      tpm2: ctx.tpm2 !== null,
      pin: ctx.tpm2?.pin ?? false,
      recoveryKey: recoveryKey !== "none",
      argon2Memory: ctx.argon2.memoryKiB * 1024,
    },
    enrolment: ctx.enrolment,
    notices: [...notices],
    jobs: jobs.map((job) => ({
      id: job.id,
      title: job.title,
      actions: job.describe(ctx),
      weight: job.weight / total,
    })),
  };
}

function bytes(size: number | null): string {
  return size === null ? "" : `${String(size).padStart(15)}  ${formatSize(size)}`;
}

/** The plan as a table for a terminal. */
export function planText(plan: Plan): string {
  const { disk, encryption } = plan;
  const lines = [
    `SilverMetal ${plan.release} on ${disk.path}  ${disk.model ?? ""}  serial ${disk.serial ?? "unknown"}  ${formatSize(disk.size)}`,
    "",
    "Will be lost:",
    ...(plan.lost.length === 0 ? ["  nothing was found on the disk"] : []),
    ...plan.lost.map(({ what, size }) => `  ${what.padEnd(56)} ${bytes(size)}`),
    "",
    `Encryption: passphrase ${encryption.passphrase}, TPM ${encryption.tpm2 ? (encryption.pin ? "with PIN" : "without PIN") : "off"}, ` +
      `recovery key ${encryption.recoveryKey ? "yes" : "no"}, Argon2id ${formatSize(encryption.argon2Memory)}`,
    "",
  ];
  for (const job of plan.jobs) {
    lines.push(`${job.title} (${job.id}, ${String(Math.round(job.weight * 100))} %)`);
    for (const { what, device, start, size } of job.actions) {
      lines.push(`  ${what}`);
      const place = [device, start === null ? null : `from byte ${String(start)}`]
        .filter((each) => each !== null)
        .join(" ");
      if (place !== "" || size !== null) lines.push(`      ${place.padEnd(48)} ${bytes(size)}`);
    }
  }
  if (plan.notices.length > 0)
    lines.push("", "Notices:", ...plan.notices.map(({ code, message }) => `  ${code}: ${message}`));
  // What stands on a disk can hold escape sequences.
  return `${lines
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/[^\P{Cc}\n]/gu, "?")}\n`;
}
