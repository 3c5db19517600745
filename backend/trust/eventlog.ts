import { createHash } from "node:crypto";
import { InstallError } from "../../app/errors.ts";

/** Event types of the TCG PC Client Platform Firmware Profile, section 10.4.1. */
export const eventType = {
  noAction: 0x00000003,
  separator: 0x00000004,
  variableDriverConfig: 0x80000001,
  variableAuthority: 0x800000e0,
} as const;

/** TPM_ALG_ID of the hash algorithms (TCG Algorithm Registry, table 3) that can occur in a log. */
const hashNames = new Map([
  [0x0004, "sha1"],
  [0x000b, "sha256"],
  [0x000c, "sha384"],
  [0x000d, "sha512"],
  [0x0012, "sm3_256"],
]);

/** Where the kernel gives the firmware's log. */
export const EVENT_LOG = "/sys/kernel/security/tpm0/binary_bios_measurements";

export interface LogEvent {
  readonly pcr: number;
  readonly type: number;
  /** Digest by algorithm, lower-case hexadecimal; algorithms we do not know are named by number (`0x27`). */
  readonly digests: Readonly<Record<string, string>>;
  readonly data: Buffer;
}

export interface EventLog {
  /** Algorithms that the log's header announces. */
  readonly algorithms: readonly string[];
  /** All events after the header, in order, with those that were never extended (EV_NO_ACTION). */
  readonly events: readonly LogEvent[];
}

export type LogFault =
  | "missing"
  | "not-crypto-agile"
  | "truncated"
  | "garbage"
  | "no-sha256-bank"
  | "replay-mismatch"
  | "no-shim"
  | "more-than-one-shim";

/** The only error that reading a log can end with; `reason` is for support and tests. */
export function logError(reason: LogFault, message: string): InstallError {
  return new InstallError("event-log-unusable", message, { reason });
}

/** Reads forward; a read past the end means a truncated log. */
class Reader {
  readonly #data: Buffer;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = Buffer.from(data);
  }

  get done(): boolean {
    return this.#at === this.#data.length;
  }

  take(length: number): Buffer {
    if (length > this.#data.length - this.#at) throw logError("truncated", "The firmware's event log is cut off");
    this.#at += length;
    return this.#data.subarray(this.#at - length, this.#at);
  }

  u8(): number {
    return this.take(1).readUInt8();
  }

  u16(): number {
    return this.take(2).readUInt16LE();
  }

  u32(): number {
    return this.take(4).readUInt32LE();
  }
}

const algorithmName = (id: number): string => hashNames.get(id) ?? `0x${id.toString(16)}`;

const SPEC_ID = "Spec ID Event03\0";
/** No registered hash is longer than SHA-512; TPML_DIGEST_VALUES holds at most 16 (TPM 2.0 part 2, 10.9.6). */
const MAX_DIGEST = 64;
const MAX_ALGORITHMS = 16;

/** TCG_EfiSpecIDEvent in a TCG_PCClientPCREvent: the digest size of each algorithm id. */
function readHeader(reader: Reader): Map<number, number> {
  const pcr = reader.u32();
  const type = reader.u32();
  reader.take(20);
  const body = reader.take(reader.u32());
  if (pcr !== 0 || type !== eventType.noAction || body.toString("latin1", 0, 16) !== SPEC_ID) {
    throw logError("not-crypto-agile", "The firmware's event log is not in the TPM 2.0 format");
  }
  const spec = new Reader(body.subarray(SPEC_ID.length));
  spec.take(8);
  const count = spec.u32();
  if (count === 0 || count > MAX_ALGORITHMS) throw logError("garbage", "The event log's header is not valid");
  const sizes = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const id = spec.u16();
    const size = spec.u16();
    if (size === 0 || size > MAX_DIGEST) throw logError("garbage", "The event log's header is not valid");
    sizes.set(id, size);
  }
  return sizes;
}

/** One TCG_PCR_EVENT2. */
function readEvent(reader: Reader, sizes: ReadonlyMap<number, number>): LogEvent {
  const pcr = reader.u32();
  const type = reader.u32();
  const count = reader.u32();
  if (count > MAX_ALGORITHMS) throw logError("garbage", "An event of the log has too many digests");
  const digests: Record<string, string> = {};
  for (let i = 0; i < count; i++) {
    const id = reader.u16();
    const size = sizes.get(id);
    if (size === undefined) throw logError("garbage", "An event of the log has a digest of an unannounced kind");
    digests[algorithmName(id)] = reader.take(size).toString("hex");
  }
  return { pcr, type, digests, data: reader.take(reader.u32()) };
}

/**
 * Parses a TCG crypto-agile log (TCG PC Client Platform Firmware Profile, section 10), the content of
 * /sys/kernel/security/tpm0/binary_bios_measurements.
 * @throws {InstallError} `event-log-unusable`, with a {@link LogFault} as `details.reason`, and nothing else.
 */
export function parseEventLog(bytes: Uint8Array): EventLog {
  if (bytes.byteLength === 0) throw logError("missing", "The firmware did not leave an event log");
  const reader = new Reader(bytes);
  const sizes = readHeader(reader);
  const events: LogEvent[] = [];
  while (!reader.done) events.push(readEvent(reader, sizes));
  return { algorithms: [...sizes.keys()].map(algorithmName), events };
}

/** SHA-256 of a PCR's old value and a digest, all hexadecimal: what TPM2_PCR_Extend does. */
export function extend(pcr: string, digest: string): string {
  return createHash("sha256").update(pcr, "hex").update(digest, "hex").digest("hex");
}

const LOCALITY = "StartupLocality\0";

/** PCR 0 starts at the locality of TPM2_Startup, which an EV_NO_ACTION event tells (section 10.4.5.3). */
function startValue(log: EventLog, pcr: number): string {
  const event = log.events.find(
    ({ type, data }) =>
      type === eventType.noAction && data.length === 17 && data.toString("latin1", 0, 16) === LOCALITY,
  );
  return pcr === 0 && event ? event.data.toString("hex", 16).padStart(64, "0") : "0".repeat(64);
}

/**
 * The value that a PCR of the SHA-256 bank has after all events of the log.
 * @returns 64 lower-case hexadecimal digits.
 * @throws {InstallError} `event-log-unusable` when an event of that PCR has no SHA-256 digest.
 */
export function replay(log: EventLog, bank: "sha256", pcr: number): string {
  if (!log.algorithms.includes(bank)) {
    throw logError("no-sha256-bank", "The firmware did not measure with SHA-256");
  }
  let value = startValue(log, pcr);
  for (const event of log.events) {
    if (event.pcr !== pcr || event.type === eventType.noAction) continue;
    const digest = event.digests[bank];
    if (digest?.length !== 64) throw logError("no-sha256-bank", "The firmware did not measure with SHA-256");
    value = extend(value, digest);
  }
  return value;
}
