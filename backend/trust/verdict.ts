import type { Tpm } from "../../app/facts.ts";
import type { Measurement, TrustProblemCode, TrustStatus, TrustToken } from "../../app/trust.ts";
import { tpmDefect } from "../../app/wizard/check-tpm.ts";

/** What was found out about this machine and its disk. */
export interface Findings extends Pick<
  TrustStatus,
  "secureBoot" | "key" | "boot" | "measurements" | "tpmTokens" | "keys" | "wish"
> {
  readonly tpm: Tpm;
  /** PCR 7 is what a start by our own boot chain leaves. */
  readonly ownStart: boolean;
  /** A change of the disk's keys was begun and not ended. */
  readonly unfinished: boolean;
}

function firmwareProblems({ secureBoot, key }: Findings): TrustProblemCode[] {
  return [
    ...(key === "none" ? ["key-missing" as const] : []),
    ...(key === "requested" ? ["key-requested" as const] : []),
    ...(secureBoot === "enabled" ? [] : ["secure-boot-off" as const]),
  ];
}

function defects(tpm: Tpm): TrustProblemCode[] {
  switch (tpmDefect(tpm)) {
    case "absent":
      return ["tpm-absent"];
    case "silent":
    case "no-sha256":
    case "no-ecc":
      return ["tpm-unusable"];
    case "lockout":
      return ["tpm-lockout"];
    // An owner password keeps systemd from making its storage root key; where that is there, nothing is amiss.
    case "owned":
    case null:
      return [];
  }
}

const byPcr: Readonly<Record<Exclude<Measurement["pcr"], 7>, TrustProblemCode>> = {
  11: "release-not-signed",
  12: "command-line-changed",
  15: "disk-changed",
};

/** What this start itself has wrong, which no new token would put right. */
function startProblems({ measurements, ownStart, secureBoot, tpm }: Findings): TrustProblemCode[] {
  const changed = measurements.flatMap(({ pcr, state }) => (pcr !== 7 && state === "changed" ? [byPcr[pcr]] : []));
  const foreign = secureBoot === "enabled" && tpm.usable && !ownStart;
  return [...(foreign ? ["foreign-start" as const] : []), ...changed];
}

function tokenProblem(tokens: readonly TrustToken[], wanted: boolean): TrustProblemCode | null {
  const real = tokens.filter(({ slot }) => slot !== null);
  if (real.length === 0) return wanted ? "not-bound" : null;
  if (real.some(({ fits, thisTpm }) => fits && thisTpm !== false)) return null;
  return real.every(({ thisTpm }) => thisTpm === false) ? "other-tpm" : "state-changed";
}

/** What keeps the TPM from opening the disk. */
function tpmProblems(findings: Findings): TrustProblemCode[] {
  const { tpm, tpmTokens, wish, secureBoot } = findings;
  const wanted = tpmTokens.length > 0 || (wish !== null && wish.tpm2 !== "off");
  if (!wanted) return [];
  const defect = defects(tpm);
  if (defect.some((code) => code !== "tpm-lockout")) return defect;
  const token = tokenProblem(tpmTokens, wanted);
  // Without Secure Boot PCR 7 differs, and sealing for that would protect nothing: one problem, not three.
  const start = secureBoot === "enabled" ? startProblems(findings) : [];
  const sealed = token === null || (secureBoot !== "enabled" && token !== "other-tpm") ? [] : [token];
  return [...defect, ...start, ...sealed];
}

/** Says what is wrong, and that nothing is. */
export function judge(findings: Findings): TrustStatus {
  const { secureBoot, key, boot, tpm, measurements, tpmTokens, keys, wish } = findings;
  const leftovers = findings.unfinished || tpmTokens.length > 1 || tpmTokens.some(({ slot }) => slot === null);
  const problems: TrustProblemCode[] = [
    ...firmwareProblems(findings),
    ...tpmProblems(findings),
    ...(leftovers ? ["unfinished-change" as const] : []),
    ...(keys.passphrases === 0 ? ["no-passphrase" as const] : []),
  ];
  const healthy = problems.length === 0;
  const found = { secureBoot, key, boot, measurements, tpmTokens, keys, wish };
  return { apiVersion: "silvermetal/trust/v1", healthy, problems, ...found, lockout: tpm.lockout };
}

/** The first reason why binding the disk to the TPM now would protect nothing or not work; null when there is none. */
export function sealingObstacle(findings: Findings): TrustProblemCode | null {
  const defect = defects(findings.tpm).filter((code) => code !== "tpm-lockout");
  return [...firmwareProblems(findings), ...defect, ...startProblems(findings)][0] ?? null;
}
