import * as z from "zod";
import type { Measurement } from "../../app/trust.ts";
import { readText, type Sys } from "../sys.ts";
import { EVENT_LOG, extend, parseEventLog, replay } from "./eventlog.ts";
import { isSigned, pcr11InInitrd, ZEROS } from "./policy.ts";

/** What systemd itself has measured since the kernel started (systemd-pcrphase.service(8)), JSON-SEQ of RFC 7464. */
const SYSTEMD_LOG = "/run/log/systemd/tpm2-measure.log";
/** The signatures that systemd-stub found in the boot image; tmpfiles.d/20-systemd-stub.conf puts them here. */
const SIGNATURES = "/run/systemd/tpm2-pcr-signature.json";

const Record = z.looseObject({
  pcr: z.int(),
  digests: z.array(z.looseObject({ hashAlg: z.string(), digest: z.string() })),
});

/** SHA-256 digests that systemd has extended a PCR by, in order; null when the log can not be understood. */
export function systemdDigests(log: string, pcr: number): string[] | null {
  const found: string[] = [];
  for (const text of log.split("\x1e").filter((part) => part.trim() !== "")) {
    let parsed;
    try {
      parsed = Record.safeParse(JSON.parse(text));
    } catch {
      return null;
    }
    if (!parsed.success) return null;
    const digest = parsed.data.digests.find(({ hashAlg }) => hashAlg === "sha256")?.digest;
    if (digest === undefined) return null;
    if (parsed.data.pcr === pcr) found.push(digest.toLowerCase());
  }
  return found;
}

type State = Measurement["state"];
const state = (good: boolean): State => (good ? "as-wanted" : "changed");

/** PCR 11 after the boot image's stub, as the firmware's log tells; null where it does not explain the PCR. */
async function afterStub(sys: Sys, systemdLog: string, current: string): Promise<string | null> {
  let value;
  try {
    value = replay(parseEventLog((await sys.read(EVENT_LOG)) ?? new Uint8Array()), "sha256", 11);
  } catch {
    return null;
  }
  const phases = systemdDigests(systemdLog, 11);
  return phases?.reduce(extend, value) === current ? value : null;
}

async function release(sys: Sys, systemdLog: string, current: string, publicKey: string): Promise<State> {
  const signatures = await readText(sys, SIGNATURES);
  if (signatures === null) return "changed";
  const value = await afterStub(sys, systemdLog, current);
  return value === null ? "unknown" : state(isSigned(signatures, publicKey, pcr11InInitrd(value)));
}

/** PCR 15 began with this disk's own volume key; what systemd measures there afterwards is not looked at. */
function unlockedDisk(systemdLog: string, current: string, expected: string | null): State {
  const digests = systemdDigests(systemdLog, 15);
  const [first] = digests ?? [];
  if (expected === null || first === undefined || digests?.reduce(extend, ZEROS) !== current) return "unknown";
  return state(extend(ZEROS, first) === expected);
}

export interface MeasurementInput {
  /** SHA-256 bank by PCR index; empty without a TPM. */
  readonly pcrs: Readonly<Record<string, string>>;
  /** PEM of the key that signs PCR 11. */
  readonly publicKey: string;
  /** PCR 15 after this disk's volume key, from the header; null where the header does not tell. */
  readonly pcr15: string | null;
  /** Whether a TPM token is sealed for the present PCR 7; null where there is no token to tell. */
  readonly pcr7Fits: boolean | null;
}

/** What was measured at this start against what the TPM wants to see before it releases the key. */
export async function readMeasurements(sys: Sys, input: MeasurementInput): Promise<Measurement[]> {
  const value = (pcr: number): string | null => input.pcrs[pcr] ?? null;
  const systemdLog = (await readText(sys, SYSTEMD_LOG)) ?? "";
  const [eleven, twelve, fifteen] = [value(11), value(12), value(15)];
  return [
    { pcr: 7, state: input.pcr7Fits === null ? "unknown" : state(input.pcr7Fits), value: value(7) },
    {
      pcr: 11,
      state: eleven === null ? "unknown" : await release(sys, systemdLog, eleven, input.publicKey),
      value: eleven,
    },
    { pcr: 12, state: twelve === null ? "unknown" : state(twelve === ZEROS), value: twelve },
    {
      pcr: 15,
      state: fifteen === null ? "unknown" : unlockedDisk(systemdLog, fifteen, input.pcr15),
      value: fifteen,
    },
  ];
}
