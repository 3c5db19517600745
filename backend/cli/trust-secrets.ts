import { readFile } from "node:fs/promises";
import { type BootKeymap, checkPassphrase, checkPin } from "../../app/answers/secret-rules.ts";
import { Keymaps } from "../../app/keymaps.ts";
import type { Secret } from "../../app/secret.ts";
import type { Places } from "../jobs/context.ts";
import { readHeader } from "../tools/cryptsetup.ts";
import { prove, type Proof } from "../trust/change.ts";
import type { Disk } from "../trust/installed-disk.ts";
import { bootToken } from "../trust/status.ts";
import { TrustError } from "../trust/trust-error.ts";

/** Where secrets come from and go to. */
export interface SecretIo {
  /** Asks on the terminal without echo; null when it was given up or there is no terminal. */
  readonly ask: (question: string) => Promise<Secret | null>;
  readonly fromDescriptor: (fd: number) => Secret;
  readonly toDescriptor: (fd: number, secret: Secret) => void;
  /** Shows a secret on the terminal alone. */
  readonly show: (name: string, secret: Secret) => void;
}

const MAX_TRIES = 3;
const noTerminal = (): TrustError =>
  new TrustError("not-confirmed", "Nothing was typed. Without a terminal use --key-fd and --new-fd.");

/**
 * Takes the passphrase or recovery key and finds out which it is.
 * @throws {TrustError} `wrong-secret`, on a terminal after three tries
 */
export async function askProof(disk: Disk, io: SecretIo, fd: number | null): Promise<Proof> {
  if (fd !== null) return prove(disk, io.fromDescriptor(fd));
  for (let left = MAX_TRIES; ; left -= 1) {
    const key = await io.ask("Passphrase or recovery key of the disk");
    if (key === null) throw noTerminal();
    try {
      return await prove(disk, key);
    } catch (error) {
      key.destroy();
      if (left === 1 || !(error instanceof TrustError) || error.code !== "wrong-secret") throw error;
    }
  }
}

/** The keyboard layout of the boot prompt; null where the header or the image does not tell. */
async function bootKeymap({ exec, device }: Disk, places: Pick<Places, "keymaps">): Promise<BootKeymap | null> {
  const { keymap } = bootToken(await readHeader(exec, device));
  if (keymap === null) return null;
  const known = Keymaps.parse(JSON.parse(await readFile(places.keymaps, "utf8")))[keymap];
  return known ? { name: keymap, typeable: known.typeable } : null;
}

const rules = { PIN: checkPin, passphrase: checkPassphrase } as const;

/**
 * Takes a new PIN or passphrase, on a terminal twice, and makes sure that it can be typed at the boot prompt.
 * @throws {TrustError} `secret-unfit`, or `not-confirmed` when the two differ
 */
export async function askNew(
  what: keyof typeof rules,
  from: { readonly disk: Disk; readonly places: Pick<Places, "keymaps">; readonly io: SecretIo },
  fd: number | null,
): Promise<Secret> {
  const keymap = await bootKeymap(from.disk, from.places);
  const { io } = from;
  const secret = fd === null ? await io.ask(`New ${what}`) : io.fromDescriptor(fd);
  if (secret === null) throw noTerminal();
  const [problem] = rules[what](secret.reveal(), keymap);
  if (problem) throw new TrustError("secret-unfit", `${problem.message}.`);
  if (fd !== null) return secret;
  const again = await io.ask(`New ${what} again`);
  if (again?.reveal() === secret.reveal()) return secret;
  throw new TrustError("not-confirmed", `The two differ: the ${what} was not changed.`);
}
