import { join } from "node:path";
import { parseArgs } from "node:util";
import { duration } from "../../app/event-lines.ts";
import { englishTrust } from "../../app/trust-text.ts";
import { mokSteps } from "../../app/wizard/enrolment.ts";
import { lockoutSeconds } from "../../app/wizard/check-tpm.ts";
import type { Exec } from "../exec.ts";
import { argon2For } from "../jobs/layout.ts";
import type { Places } from "../jobs/context.ts";
import { makeMokPassword } from "../jobs/enroll/password.ts";
import { makeRecoveryKey } from "../jobs/recovery-key/modhex.ts";
import type { Sys } from "../sys.ts";
import { readEfi } from "../tools/efi.ts";
import { readCpus, readMemory } from "../tools/memory.ts";
import { clearLockout } from "../tools/tpm2.ts";
import { changePassphrase, changeRecoveryKey, type Proof } from "../trust/change.ts";
import { requestEnrolment, verifyRequest, whyNotTaken } from "../trust/enrolment.ts";
import { encryptedPartition, type Disk } from "../trust/installed-disk.ts";
import { reseal } from "../trust/reseal.ts";
import { afterTypedKey } from "../trust/start.ts";
import { readFindings, whereIsOurKey } from "../trust/status.ts";
import { TrustError } from "../trust/trust-error.ts";
import { type Findings, judge, sealingObstacle } from "../trust/verdict.ts";
import { administer } from "./administer.ts";
import { trustExit, trustHelp } from "./trust-help.ts";
import { askNew, askProof, type SecretIo } from "./trust-secrets.ts";
import { statusText } from "./trust-words.ts";

export interface TrustDeps {
  readonly exec: Exec;
  readonly sys: Sys;
  readonly places: Places;
  readonly io: SecretIo;
  readonly isRoot: boolean;
  /** File that is shown at each login. */
  readonly messageFile: string;
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
}

interface Options {
  readonly json: boolean;
  readonly noPin: boolean;
  readonly keyFd: number | null;
  readonly newFd: number | null;
}

type Run = (deps: TrustDeps, options: Options) => Promise<number>;

async function openDisk({ exec, sys, places }: TrustDeps): Promise<Disk> {
  return { exec, places, device: await encryptedPartition(sys) };
}

const status: Run = async (deps, { json }) => {
  const found = judge(await readFindings(deps));
  deps.write(json ? `${JSON.stringify(found, null, 2)}\n` : statusText(found));
  return found.healthy ? trustExit.ok : trustExit.unhealthy;
};

/** A locked TPM takes a new key, but would not open the disk with it. @throws {TrustError} `tpm-lockout` */
async function endLockout({ exec }: TrustDeps, { tpm }: Findings): Promise<void> {
  if (tpm.lockout?.inLockout !== true || (await clearLockout(exec))) return;
  const seconds = lockoutSeconds(tpm);
  const wait = seconds === null ? "Clear it in the firmware setup." : `Wait for ${duration(seconds)}.`;
  throw new TrustError("tpm-lockout", `The TPM is locked and has a lockout password. ${wait}`);
}

/** @param pin `keep`: with one if there was one */
async function bind(deps: TrustDeps, { keyFd, newFd }: Options, pin: "keep" | "set" | "none"): Promise<number> {
  const { io, places } = deps;
  const disk = await openDisk(deps);
  const findings = await readFindings(deps);
  const obstacle = sealingObstacle(findings);
  const pcr7 = findings.tpm.pcrs["7"];
  if (obstacle !== null || pcr7 === undefined) {
    const { problem, whatToDo } = englishTrust[obstacle ?? "tpm-unusable"];
    throw new TrustError(obstacle ?? "tpm-unusable", `${problem}\n${whatToDo}`);
  }
  const hadPin = findings.tpmTokens.some((token) => token.pin) || findings.wish?.pin === true;
  const proof = await askProof(disk, io, keyFd);
  const withPin = pin === "set" || (pin === "keep" && hadPin);
  const next = withPin ? await askNew("PIN", { disk, places, io }, newFd) : null;
  await endLockout(deps, findings);
  await reseal(disk, { unlockKey: proof.key, pin: next, pcr7 });
  deps.write(`The disk is bound to the TPM, ${withPin ? "with PIN" : "without PIN"}.\n`);
  return trustExit.ok;
}

async function newPassphrase(deps: TrustDeps, { newFd }: Options, disk: Disk, proof: Proof): Promise<void> {
  const { io, places, sys } = deps;
  const next = await askNew("passphrase", { disk, places, io }, newFd);
  const { available } = await readMemory(sys);
  await changePassphrase(disk, proof, next, argon2For(available, await readCpus(sys)));
  deps.write("The passphrase is changed.\n");
}

/** Characters of the key's end that are typed to show that it was written down. */
const LAST_GROUP = 8;

async function newRecoveryKey(deps: TrustDeps, { newFd }: Options, disk: Disk, proof: Proof): Promise<void> {
  const { io } = deps;
  const next = makeRecoveryKey();
  await changeRecoveryKey(disk, proof, next, async (key) => {
    if (newFd !== null) {
      io.toDescriptor(newFd, key);
      return true;
    }
    io.show("New recovery key", key);
    const typed = await io.ask("Write it down, then type its last eight letters");
    return typed?.reveal().trim().toLowerCase() === key.reveal().slice(-LAST_GROUP);
  });
  deps.write("The recovery key is changed; the old one no longer opens the disk.\n");
}

function change(next: typeof newPassphrase): Run {
  return async (deps, options) => {
    const disk = await openDisk(deps);
    const proof = await askProof(disk, deps.io, options.keyFd);
    await next(deps, options, disk, proof);
    return trustExit.ok;
  };
}

const enroll: Run = async ({ exec, sys, places, io, write }, { newFd }) => {
  const certificate = join(places.keys, "secure-boot.der");
  const key = await whereIsOurKey(sys, await readEfi(sys), (await sys.read(certificate)) ?? new Uint8Array());
  if (key === "db" || key === "mok") {
    write("The firmware knows our Secure Boot key already.\n");
    return trustExit.ok;
  }
  const password = makeMokPassword();
  try {
    await requestEnrolment(exec, certificate, password);
    await verifyRequest(exec, certificate);
  } catch (cause) {
    const { problem, whatToDo } = await whyNotTaken(places.mountinfo);
    throw new TrustError("request-refused", `${problem}\n${whatToDo}`, { cause });
  }
  if (newFd === null) io.show("One-time password", password);
  else io.toDescriptor(newFd, password);
  password.destroy();
  write(["Note the password and restart. Blue screens ask for it:", "", ...mokSteps, ""].join("\n"));
  return trustExit.ok;
};

const commands: Readonly<Record<string, Run>> = {
  status,
  reseal: (deps, options) => bind(deps, options, options.noPin ? "none" : "keep"),
  enroll,
  "change pin": (deps, options) => bind(deps, options, "set"),
  "change passphrase": change(newPassphrase),
  "change recovery-key": change(newRecoveryKey),
  /** For silver-trust.service alone. */
  "after-typed-key": async (deps) => {
    await afterTypedKey({ ...deps, log: (line) => deps.write(`${line}\n`) });
    return trustExit.ok;
  },
};

const optionNames = {
  json: { type: "boolean" },
  "no-pin": { type: "boolean" },
  "key-fd": { type: "string" },
  "new-fd": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

function descriptor(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,6}$/.test(text)) throw new TypeError(`${text} is no file descriptor`);
  return Number(text);
}

interface Line {
  readonly run: Run | null;
  readonly options: Options;
}

/** @throws {TypeError} with what is wrong */
function readLine(argv: readonly string[]): Line {
  const { values, positionals } = parseArgs({ args: [...argv], options: optionNames, allowPositionals: true });
  const name = positionals.join(" ");
  const options: Options = {
    json: values.json ?? false,
    noPin: values["no-pin"] ?? false,
    keyFd: descriptor(values["key-fd"]),
    newFd: descriptor(values["new-fd"]),
  };
  if (values.help === true || name === "help") return { run: null, options };
  const run = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!run) throw new TypeError(name === "" ? "a command is missing" : `unknown command ${name}`);
  if (options.json && name !== "status") throw new TypeError("--json is for status");
  if (options.noPin && name !== "reseal") throw new TypeError("--no-pin is for reseal");
  return { run, options };
}

/** Runs one command line of `silver-trust`. @returns the exit code */
export function trustMain(argv: readonly string[], deps: TrustDeps): Promise<number> {
  const { isRoot, write, complain } = deps;
  const isRefusal = (thrown: unknown): thrown is TrustError => thrown instanceof TrustError;
  return administer({ exit: trustExit, help: trustHelp, isRoot, write, complain, isRefusal }, () => {
    const { run, options } = readLine(argv);
    return run && (() => run(deps, options));
  });
}
