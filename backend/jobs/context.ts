import { join, relative } from "node:path";
import type { Answers } from "../../app/answers/schema.ts";
import type { Disk } from "../../app/facts.ts";
import type { ImageManifest } from "../../app/image.ts";
import type { Enrolment, JobId, PlannedAction } from "../../app/plan.ts";
import { paths, product } from "../../app/product.ts";
import type { Secret } from "../../app/secret.ts";
import type { Exec } from "../exec.ts";
import type { Group } from "../tools/lvm.ts";
import type { Layout } from "./layout.ts";

/** Folders and files of the machine that the engine itself reads and writes; tests point them elsewhere. */
export interface Places {
  /** In memory, root's alone: mount points and short-lived files. */
  readonly run: string;
  /** The live medium's ESP. */
  readonly medium: string;
  readonly keys: string;
  readonly keymaps: string;
  readonly cmdline: string;
  readonly sysBlock: string;
  /** /dev, for what the engine opens itself. */
  readonly dev: string;
  readonly mountinfo: string;
  /** Where the firmware's variables are files. */
  readonly efivars: string;
  /** Root of the live system, which has the same bytes as the installed one. */
  readonly liveRoot: string;
}

export const realPlaces: Places = {
  run: "/run/silvermetal",
  medium: paths.medium,
  keys: paths.keys,
  keymaps: paths.keymaps,
  cmdline: "/proc/cmdline",
  sysBlock: "/sys/class/block",
  dev: "/dev",
  mountinfo: "/proc/self/mountinfo",
  efivars: "/sys/firmware/efi/efivars",
  liveRoot: "/",
};

/** UUIDs of everything that will be made, drawn before the run so that nothing has to be found again. */
export interface Ids {
  readonly table: string;
  readonly esp: string;
  readonly luksPartition: string;
  readonly luks: string;
  readonly data: string;
}

/** Everything that is decided before the first write. Holds no secret and is what the plan is made from. */
export interface PlanContext {
  readonly answers: Answers;
  readonly disk: Disk;
  readonly manifest: ImageManifest;
  readonly layout: Layout;
  readonly ids: Ids;
  readonly hostname: string;
  /** Console keymap name, for example `de-nodeadkeys`. */
  readonly keymap: string;
  readonly argon2: { readonly memoryKiB: number; readonly passes: number; readonly lanes: number };
  /** Null: no TPM unlock. */
  readonly tpm2: { readonly pin: boolean; readonly pcr7: string } | null;
  readonly enrolment: Enrolment;
}

/** The run's secrets. They are handed to programs and never stored with anything else. */
export interface Vault {
  readonly passphrase: Secret;
  readonly volumeKey: Secret;
  /** Opens the volume for systemd-cryptenroll; its slot is gone at the end. */
  readonly temporaryKey: Secret;
  readonly recoveryKey: Secret | null;
  readonly pin: Secret | null;
  /** Digits that MokManager asks for once; null where nothing is requested from it. */
  readonly mokPassword: Secret | null;
}

/** What jobs leave for each other's undo. */
export interface RunState {
  /** The first write to the disk has begun, and what it overwrites was saved. */
  writing: boolean;
  encryptStarted: boolean;
  bootEntryMade: boolean;
  /** The TPM was wanted where it works, and did not. */
  tpmSkipped: boolean;
  /** The temporary key has a slot, or may have one. */
  temporarySlot: boolean;
  /** A request to MokManager was made, or may have been. */
  keyRequested: boolean;
  /** The key was to be enrolled, and that did not work. */
  enrolmentFailed: boolean;
}

/** The state of a run that has not begun. */
export const freshState = (): RunState => ({
  writing: false,
  encryptStarted: false,
  bootEntryMade: false,
  tpmSkipped: false,
  temporarySlot: false,
  keyRequested: false,
  enrolmentFailed: false,
});

export interface RunContext extends PlanContext {
  readonly exec: Exec;
  readonly vault: Vault;
  readonly places: Places;
  readonly signal: AbortSignal;
  readonly state: RunState;
  readonly notice: (code: string, message: string) => void;
}

/** Told how much of a job is done, 0..1. */
export type Report = (done: number) => void;

/** One step of the installation. The review page and `plan` render the very jobs that will run. */
export interface Job {
  readonly id: JobId;
  readonly title: string;
  /** Seconds on the reference machine (2 cores in software emulation); only the ratios matter. */
  readonly weight: number;
  /** Whether the answers and the machine ask for this job. */
  readonly wanted: (ctx: PlanContext) => boolean;
  readonly describe: (ctx: PlanContext) => PlannedAction[];
  readonly run: (ctx: RunContext, report: Report) => Promise<void>;
  /** Takes back what `run` did or began. Safe to call whatever has happened. */
  readonly undo: (ctx: RunContext) => Promise<void>;
  /** Reads back what `run` did. @throws {InstallError} when it is not what was wanted */
  readonly verify: (ctx: RunContext) => Promise<void>;
}

export const always = (): boolean => true;
export const nothingToUndo = async (): Promise<void> => {};
export const nothingToVerify = async (): Promise<void> => {};

const byPartUuid = (uuid: string): string => `/dev/disk/by-partuuid/${uuid}`;

/** Device paths of this run. */
export const devices = {
  source: (ctx: PlanContext): string => byPartUuid(ctx.manifest.root.partitionUuid),
  esp: (ctx: PlanContext): string => byPartUuid(ctx.ids.esp),
  luks: (ctx: PlanContext): string => byPartUuid(ctx.ids.luksPartition),
} as const;

/** A path below /dev as the engine opens it. */
export const deviceFile = ({ places }: Pick<RunContext, "places">, path: string): string =>
  join(places.dev, relative("/dev", path));

/** Mount points of this run. */
export const mounts = {
  target: (ctx: RunContext): string => join(ctx.places.run, "target"),
  data: (ctx: RunContext): string => join(ctx.places.run, "data"),
  esp: (ctx: RunContext): string => join(ctx.places.run, "esp"),
} as const;

/** The volume group that this run makes, found on its own volume alone. */
export const targetGroup: Group = { name: product.volumeGroup, devices: [`/dev/mapper/${product.luksMapping}`] };

/** Name of the dm-verity mapping of the freshly written slot. */
export const VERITY_NAME = "silver-new-root";

/** LUKS2 key slots by purpose. The TPM's is whichever systemd-cryptenroll finds free. */
export const slots = { passphrase: 0, recovery: 1, temporary: 8 } as const;
