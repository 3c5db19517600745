import { randomBytes } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Answers } from "../../app/answers/schema.ts";
import {
  checkPassphrase,
  checkPin,
  mokPasswordProblem,
  secretFromFile,
  type BootKeymap,
  type SecretProblem,
} from "../../app/answers/secret-rules.ts";
import { InstallError } from "../../app/errors.ts";
import { Secret } from "../../app/secret.ts";
import type { Enrolment } from "../../app/plan.ts";
import type { Vault } from "../jobs/context.ts";
import { makeMokPassword } from "../jobs/enroll/password.ts";
import { makePassphrase, makeRecoveryKey } from "../jobs/recovery-key/modhex.ts";

type Source = string | { readonly file: string } | { readonly given: true };

/** Secrets that the user has typed or been shown; the installation takes copies. */
export interface GivenSecrets {
  readonly passphrase: Secret;
  readonly pin: Secret | null;
  readonly recoveryKey: Secret;
  readonly mokPassword: Secret;
}

const copyOf = (secret: Secret): Secret => new Secret(secret.bytes());

function missing(name: string, file: string, cause?: unknown): InstallError {
  return new InstallError("secret-file-missing", `${name} can not be read from ${file}`, { name, file }, { cause });
}

async function fromFile(name: string, file: string, folder: string | null): Promise<Secret> {
  if (folder === null) throw missing(name, file);
  const inside = (path: string): boolean => path.startsWith(folder + sep);
  const path = await realpath(join(folder, file)).catch((cause: unknown) => {
    throw missing(name, file, cause);
  });
  if (!inside(path)) throw missing(name, file);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw missing(name, file, cause);
  });
  const secret = new Secret(secretFromFile(bytes.toString("utf8")));
  bytes.fill(0);
  return secret;
}

/** Where the graphical installer's secrets are, by what people call them. */
const givenAs = { passphrase: "passphrase", PIN: "pin", "one-time password": "mokPassword" } as const;

interface Sources {
  readonly enrolment: Enrolment;
  readonly folder: string | null;
  readonly given: GivenSecrets | null;
}

async function resolve(name: keyof typeof givenAs, source: Source, { folder, given }: Sources): Promise<Secret> {
  if (typeof source === "string") return new Secret(source);
  if ("given" in source) {
    const secret = given?.[givenAs[name]];
    if (!secret) throw new InstallError("internal", `No ${name} was handed to the installation`);
    return copyOf(secret);
  }
  return fromFile(name, source.file, folder === null ? null : await realpath(folder));
}

/** @throws {InstallError} for the first problem; no message holds a character of the secret */
function refuse(name: string, keymap: BootKeymap, [problem]: readonly SecretProblem[]): void {
  if (!problem) return;
  const kind = problem.code.endsWith("not-typeable") ? "passphrase-not-typeable" : "answers-invalid";
  throw new InstallError(kind, problem.message, { name, keymap: keymap.name, code: problem.code });
}

async function mokPassword({ secureBoot }: Answers, sources: Sources): Promise<Secret | null> {
  if (sources.enrolment !== "mok") return null;
  const { password } = secureBoot;
  return password === undefined ? makeMokPassword() : resolve("one-time password", password, sources);
}

/** @throws {InstallError} `answers-invalid` */
function refuseMokPassword(password: Secret): void {
  const problem = mokPasswordProblem(password.reveal());
  if (problem === null) return;
  const details = { path: "secureBoot.password", code: "mok-password-invalid" };
  throw new InstallError("answers-invalid", problem, details);
}

/**
 * Gathers and makes every secret of a run.
 * @param sources `folder`: the answer medium's; null: answers that name files are refused. `given`: what answers mean
 * by `given`, and the recovery key that was shown already. `enrolment`: what is done for our key
 * @throws {InstallError} `secret-file-missing`, `passphrase-not-typeable` or `answers-invalid`
 */
export async function fillVault(answers: Answers, keymap: BootKeymap, sources: Sources): Promise<Vault> {
  const { passphrase, pin, recoveryKey } = answers.encryption;
  const generated = typeof passphrase === "object" && "generate" in passphrase;
  const made: Secret[] = [];
  const keep = (secret: Secret): Secret => {
    made.push(secret);
    return secret;
  };
  try {
    const oneTime = await mokPassword(answers, sources);
    const vault: Vault = {
      passphrase: keep(generated ? makePassphrase() : await resolve("passphrase", passphrase, sources)),
      volumeKey: keep(new Secret(randomBytes(64))),
      temporaryKey: keep(new Secret(randomBytes(64))),
      recoveryKey:
        recoveryKey === "none" ? null : keep(sources.given ? copyOf(sources.given.recoveryKey) : makeRecoveryKey()),
      pin: pin === undefined ? null : keep(await resolve("PIN", pin, sources)),
      mokPassword: oneTime === null ? null : keep(oneTime),
    };
    refuse("passphrase", keymap, checkPassphrase(vault.passphrase.reveal(), keymap));
    if (vault.pin !== null) refuse("PIN", keymap, checkPin(vault.pin.reveal(), keymap));
    if (oneTime !== null) refuseMokPassword(oneTime);
    return vault;
  } catch (error) {
    for (const secret of made) secret.destroy();
    throw error;
  }
}

/** Overwrites the secrets in memory. */
export function emptyVault(vault: Vault): void {
  for (const secret of Object.values<Secret | null>({ ...vault })) secret?.destroy();
}
