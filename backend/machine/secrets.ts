import { randomBytes } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Answers } from "../../app/answers/schema.ts";
import {
  checkPassphrase,
  checkPin,
  secretFromFile,
  type BootKeymap,
  type SecretProblem,
} from "../../app/answers/secret-rules.ts";
import { InstallError } from "../../app/errors.ts";
import { Secret } from "../../app/secret.ts";
import type { Vault } from "../jobs/context.ts";
import { makePassphrase, makeRecoveryKey } from "../jobs/recovery-key/modhex.ts";

type Source = string | { readonly file: string };

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

async function resolve(name: string, source: Source, folder: string | null): Promise<Secret> {
  if (typeof source === "string") return new Secret(source);
  return fromFile(name, source.file, folder === null ? null : await realpath(folder));
}

/** @throws {InstallError} for the first problem; no message holds a character of the secret */
function refuse(name: string, keymap: BootKeymap, [problem]: readonly SecretProblem[]): void {
  if (!problem) return;
  const kind = problem.code.endsWith("not-typeable") ? "passphrase-not-typeable" : "answers-invalid";
  throw new InstallError(kind, problem.message, { name, keymap: keymap.name, code: problem.code });
}

/**
 * Gathers and makes every secret of a run.
 * @param folder the answer medium's folder; null: answers that name files are refused
 * @throws {InstallError} `secret-file-missing`, `passphrase-not-typeable` or `answers-invalid`
 */
export async function fillVault(answers: Answers, keymap: BootKeymap, folder: string | null): Promise<Vault> {
  const { passphrase, pin, recoveryKey } = answers.encryption;
  const generated = typeof passphrase === "object" && "generate" in passphrase;
  const vault: Vault = {
    passphrase: generated ? makePassphrase() : await resolve("passphrase", passphrase, folder),
    volumeKey: new Secret(randomBytes(64)),
    temporaryKey: new Secret(randomBytes(64)),
    recoveryKey: recoveryKey === "none" ? null : makeRecoveryKey(),
    pin: pin === undefined ? null : await resolve("PIN", pin, folder),
  };
  refuse("passphrase", keymap, checkPassphrase(vault.passphrase.reveal(), keymap));
  if (vault.pin !== null) refuse("PIN", keymap, checkPin(vault.pin.reveal(), keymap));
  return vault;
}

/** Overwrites the secrets in memory. */
export function emptyVault(vault: Vault): void {
  for (const secret of [vault.passphrase, vault.volumeKey, vault.temporaryKey, vault.recoveryKey, vault.pin]) {
    secret?.destroy();
  }
}
