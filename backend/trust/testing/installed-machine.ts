import { createHash, createPublicKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { product } from "../../../app/product.ts";
import type { TrustWish } from "../../../app/trust.ts";
import type { SysTree } from "../../testing/fake-sys.ts";
import { trustedFirmware } from "../../testing/machines.ts";
import { extend } from "../eventlog.ts";
import { pcr11InInitrd, policyPcr } from "../policy.ts";
import { testKey, testPrivateKey } from "./disk-double.ts";

const recorded = (name: string): Buffer => readFileSync(new URL(`../../testing/eventlogs/${name}`, import.meta.url));
const pcrs =
  (JSON.parse(recorded("pcrs.json").toString()) as Record<string, Record<string, string>>)["own-chain"] ?? {};
const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");

/** PCR 7 of the recorded machine when it was started by our own chain. */
export const ownPcr7 = pcrs["7"] ?? "";
const stubPcr11 = pcrs["11"] ?? "";
const ZEROS = "0".repeat(64);
const phases = ["enter-initrd", "leave-initrd", "sysinit", "ready"].map(sha256);
const volumeKey = sha256("volume key of this disk");
/** What the header says that PCR 15 is after the disk was unlocked. */
export const ownPcr15 = extend(ZEROS, volumeKey);

interface Measured {
  readonly pcr: number;
  readonly digest: string;
}

/** systemd's log, as systemd 257 writes it. */
export function systemdLog(records: readonly Measured[]): string {
  return records
    .map(({ pcr, digest }) => ({ pcr, digests: [{ hashAlg: "sha256", digest }], content_type: "systemd" }))
    .map((record) => `\x1e${JSON.stringify(record)}\n`)
    .join("");
}

/** Signatures over PCR 11 in the initrd, for the boot image of the recorded start. */
export function signatures(afterStub = stubPcr11): string {
  const policy = policyPcr(Buffer.alloc(32), new Map([[11, pcr11InInitrd(afterStub)]]));
  const der = createPublicKey(testKey).export({ type: "pkcs1", format: "der" });
  const sig = sign("sha256", policy, testPrivateKey).toString("base64");
  return JSON.stringify({ sha256: [{ pcrs: [11], pkfp: sha256(der), pol: policy.toString("hex"), sig }] });
}

const utf16 = (text: string): Buffer => Buffer.concat([Buffer.from([6, 0, 0, 0]), Buffer.from(`${text}\0`, "utf16le")]);
const block = "/sys/class/block";

export interface MachineState {
  /** Folder of our keys. */
  readonly keys?: string;
  readonly wish?: TrustWish | null;
  /** Digest that PCR 15 began with. */
  readonly unlocked?: string;
  /** Files that replace or, as null, take away those of a healthy machine. */
  readonly files?: Readonly<Record<string, SysTree[string] | null | undefined>>;
}

/**
 * Files of the installed system on the recorded machine `own-chain`, unlocked and healthy.
 */
export function installedMachine({
  keys = "/keys",
  wish = null,
  unlocked = volumeKey,
  files = {},
}: MachineState = {}): SysTree {
  const machineId = sha256("machine id");
  const log = systemdLog([
    ...phases.slice(0, 1).map((digest) => ({ pcr: 11, digest })),
    { pcr: 15, digest: unlocked },
    { pcr: 15, digest: machineId },
    ...phases.slice(1).map((digest) => ({ pcr: 11, digest })),
  ]);
  const pcr = (index: number, value: string) => [`/sys/class/tpm/tpm0/pcr-sha256/${String(index)}`, value] as const;
  const tree: Record<string, SysTree[string] | null | undefined> = {
    ...trustedFirmware(),
    ...Object.fromEntries([
      pcr(7, ownPcr7),
      pcr(11, phases.reduce(extend, stubPcr11)),
      pcr(12, ZEROS),
      pcr(15, [unlocked, machineId].reduce(extend, ZEROS)),
    ]),
    "/sys/kernel/security/tpm0/binary_bios_measurements": recorded("own-chain.log"),
    "/run/log/systemd/tpm2-measure.log": log,
    "/run/systemd/tpm2-pcr-signature.json": signatures(),
    "/run/silvermetal/unlocked-by-tpm2": "",
    [`${keys}/secure-boot.der`]: recorded("own.der"),
    [`${keys}/pcr-public.pem`]: testKey,
    "/proc/cmdline": "root=/dev/mapper/root systemd.verity_root_data=/dev/disk/by-silver-slot/U1 silver.end\n",
    "/dev/disk/by-silver-slot/U1": { link: "../../dm-2" },
    [`${block}/dm-0/dm/name`]: "silver\n",
    [`${block}/dm-0/slaves/vda2/size`]: "1\n",
    [`${block}/dm-1/dm/name`]: "silver-root_a\n",
    [`${block}/dm-2/dm/name`]: "silver-root_b\n",
    "/sys/firmware/efi/efivars/LoaderBootCountPath-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f": utf16(
      "\\EFI\\Linux\\silvermetal_0.1.0+4-1.efi",
    ),
    ...(wish === null ? {} : { [product.trustFile]: JSON.stringify(wish) }),
    ...files,
  };
  return Object.fromEntries(
    Object.entries(tree).filter(([, content]) => content !== null && content !== undefined),
  ) as SysTree;
}
