import { createHash } from "node:crypto";
import { efiGuid, guidBytes } from "../../app/efi-guid.ts";
import { InstallError } from "../../app/errors.ts";
import type { Enrolment } from "../../app/plan.ts";
import { readText, type Sys } from "../sys.ts";
import { findCertificate, guidText, parseSignatureLists, readMokList, readVariable } from "../tools/efi.ts";
import {
  EVENT_LOG,
  eventType,
  extend,
  type EventLog,
  logError,
  type LogEvent,
  parseEventLog,
  replay,
} from "./eventlog.ts";

/** An EV_EFI_VARIABLE_AUTHORITY: which signature of which variable let an image start. */
export interface Authority {
  readonly variable: string;
  readonly vendor: string;
  /** EFI_SIGNATURE_DATA: owner GUID and certificate. */
  readonly data: Uint8Array;
}

/** UEFI_VARIABLE_DATA (TCG PC Client Platform Firmware Profile, 10.2.6) of an authority. */
export function authorityBytes({ variable, vendor, data }: Authority): Buffer {
  const name = Buffer.from(variable, "utf16le");
  const lengths = Buffer.alloc(16);
  lengths.writeBigUInt64LE(BigInt(variable.length), 0);
  lengths.writeBigUInt64LE(BigInt(data.byteLength), 8);
  return Buffer.concat([guidBytes(vendor), lengths, name, data]);
}

/** The variable that an EV_EFI_VARIABLE_* event is about; null when its data is not UEFI_VARIABLE_DATA. */
export function eventVariable(data: Buffer): { name: string; vendor: string } | null {
  if (data.length < 32) return null;
  const nameBytes = data.readBigUInt64LE(16) * 2n;
  if (nameBytes > BigInt(data.length - 32)) return null;
  return { vendor: guidText(data), name: data.toString("utf16le", 32, 32 + Number(nameBytes)) };
}

const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** shim measures its revocation level (`SbatLevel`) once, before it looks at any second stage. */
function isSbatLevel({ pcr, type, data, digests }: LogEvent): boolean {
  if (pcr !== 7 || type !== eventType.variableAuthority) return false;
  const variable = eventVariable(data);
  return variable?.name === "SbatLevel" && variable.vendor === efiGuid.shim && digests["sha256"] === sha256(data);
}

/** Where the firmware's and shim's own measurements end and those of the second stage begin. */
function secondStageIndex(log: EventLog): number {
  const index = log.events.findIndex(isSbatLevel);
  if (index === -1) throw logError("no-shim", "The event log does not show that shim started this system");
  if (log.events.slice(index + 1).some(isSbatLevel)) {
    throw logError("more-than-one-shim", "The event log shows that more than one boot loader was started");
  }
  return index + 1;
}

export interface TargetAuthorityInput {
  readonly log: EventLog;
  /** PCR 7 of the SHA-256 bank as the TPM has it now, 64 hexadecimal digits in either case. */
  readonly livePcr7: string;
  /** What shim will find our second stage's signer in. */
  readonly authority: Authority;
}

/**
 * PCR 7 after a start in which shim is the same and the second stage is let in by `authority`: the log's
 * events up to shim's `SbatLevel`, then that authority. shim measures an authority once, however many
 * images it lets in.
 * @throws {InstallError} `event-log-unusable` when the log does not explain the live PCR 7 or has no shim.
 */
export function predictWithAuthority({ log, livePcr7, authority }: TargetAuthorityInput): string {
  if (replay(log, "sha256", 7) !== livePcr7.trim().toLowerCase()) {
    throw logError("replay-mismatch", "The firmware's event log does not match PCR 7 of the TPM");
  }
  const before = { ...log, events: log.events.slice(0, secondStageIndex(log)) };
  return extend(replay(before, "sha256", 7), sha256(authorityBytes(authority)));
}

/**
 * What shim will let our second stage in by: it looks into the firmware's `db` first, then into its own list. mokutil
 * and MokManager make shim the owner of what they enrol.
 * @throws {InstallError} `secure-boot-key-missing` when our certificate is in neither and no request for it is made.
 */
export function ourAuthority({ db, mok, ourCertDer, enrolment }: Omit<Pcr7Input, "log" | "livePcr7">): Authority {
  const lists = [
    { variable: "db", vendor: efiGuid.imageSecurity, content: db },
    { variable: "MokListRT", vendor: efiGuid.shim, content: mok },
  ];
  for (const { variable, vendor, content } of lists) {
    const ours = findCertificate(parseSignatureLists(content) ?? [], ourCertDer);
    if (ours) return { variable, vendor, data: Buffer.concat([guidBytes(ours.owner), ours.data]) };
  }
  if (enrolment === "mok") {
    const data = Buffer.concat([guidBytes(efiGuid.shim), ourCertDer]);
    return { variable: "MokListRT", vendor: efiGuid.shim, data };
  }
  throw new InstallError("secure-boot-key-missing", "Our Secure Boot certificate is in neither db nor the MOK list");
}

export interface Pcr7Input {
  readonly log: EventLog;
  readonly livePcr7: string;
  /** Content of the `db` variable (EFI_SIGNATURE_LISTs) without attributes. */
  readonly db: Uint8Array;
  /** Content of shim's `MokListRT`, likewise. */
  readonly mok: Uint8Array;
  readonly ourCertDer: Uint8Array;
  /** What the installation does for our certificate. */
  readonly enrolment: Enrolment;
}

/**
 * PCR 7 of the installed system, as hexadecimal, on a machine whose `db` or MOK list has our certificate or will have it. The
 * installed system must start with the very shim file that started this one: firmware measures the certificate of
 * the signature by which it let shim in.
 * @throws {InstallError} `event-log-unusable` or `secure-boot-key-missing`.
 */
export function predictPcr7({ log, livePcr7, ...lists }: Pcr7Input): string {
  return predictWithAuthority({ log, livePcr7, authority: ourAuthority(lists) });
}

const PCR7 = "/sys/class/tpm/tpm0/pcr-sha256/7";

/**
 * {@link predictPcr7} with everything read from this machine.
 * @throws {InstallError} `event-log-unusable` or `secure-boot-key-missing`.
 */
export async function predictPcr7Here(sys: Sys, ourCertDer: Uint8Array, enrolment: Enrolment): Promise<string> {
  const log = parseEventLog((await sys.read(EVENT_LOG)) ?? new Uint8Array());
  const livePcr7 = await readText(sys, PCR7);
  if (livePcr7 === null) throw logError("no-sha256-bank", "The TPM has no SHA-256 bank");
  const db = (await readVariable(sys, "db", efiGuid.imageSecurity)) ?? new Uint8Array();
  const mok = (await readMokList(sys)) ?? new Uint8Array();
  return predictPcr7({ log, livePcr7, db, mok, ourCertDer, enrolment });
}
