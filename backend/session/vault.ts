import type { SecretName } from "../../app/rpc/methods.ts";
import { Secret } from "../../app/secret.ts";
import type { Snapshot } from "../../app/wizard/snapshot.ts";
import { makeMokPassword } from "../jobs/enroll/password.ts";
import { makeRecoveryKey } from "../jobs/recovery-key/modhex.ts";

/** The wizard's secrets. What is known of them outside is only whether they are there. */
export class SessionVault {
  readonly #secrets = new Map<SecretName, Secret>();
  /** Made elsewhere, for an account of an answer file. */
  #passwordHash: Secret | null = null;
  #recoveryKey: Secret | null = null;
  #mokPassword: Secret | null = null;
  #confirmed = false;
  saved = false;
  /** Grows with every change of a secret that an installation would use. */
  version = 0;

  get(name: SecretName): Secret | null {
    return this.#secrets.get(name) ?? null;
  }

  set(name: SecretName, value: string): void {
    this.clear(name);
    this.#secrets.set(name, new Secret(value));
  }

  clear(name: SecretName): void {
    this.#secrets.get(name)?.destroy();
    this.#secrets.delete(name);
    if (name === "password") this.#forgetHash();
    this.version += 1;
  }

  get passwordHash(): Secret | null {
    return this.#passwordHash;
  }

  setPasswordHash(hash: string): void {
    this.clear("password");
    this.#passwordHash = new Secret(hash);
  }

  #forgetHash(): void {
    this.#passwordHash?.destroy();
    this.#passwordHash = null;
  }

  /** The one-time password for MokManager, made at the first call. It outlives {@link destroy}: it is shown after the installation. */
  get mokPassword(): Secret {
    this.#mokPassword ??= makeMokPassword();
    return this.#mokPassword;
  }

  get recoveryKey(): Secret | null {
    return this.#recoveryKey;
  }

  /** The recovery key's eight groups; makes it at the first call. */
  recoveryGroups(): string[] {
    this.#recoveryKey ??= makeRecoveryKey();
    return this.#recoveryKey.reveal().split("-");
  }

  get confirmed(): boolean {
    return this.#confirmed;
  }

  /** Whether a text is that group of the key, which then counts as written down; capitals and blanks do not matter. */
  confirm(group: number, text: string): boolean {
    if (this.#recoveryKey === null) return false;
    const typed = text.toLowerCase().replace(/[\s-]/g, "");
    if (typed !== this.recoveryGroups()[group]) return false;
    this.#confirmed = true;
    return true;
  }

  status(): Snapshot["secrets"] {
    const made = this.#confirmed ? "confirmed" : "made";
    return {
      passphrase: this.#secrets.has("passphrase"),
      pin: this.#secrets.has("pin"),
      password: this.#secrets.has("password") || this.#passwordHash !== null,
      recoveryKey: this.#recoveryKey === null ? "none" : made,
      recoveryKeySaved: this.saved,
    };
  }

  /** Overwrites the one-time password. */
  forgetMokPassword(): void {
    this.#mokPassword?.destroy();
    this.#mokPassword = null;
  }

  /** Overwrites everything that the installation alone needs. */
  destroy(): void {
    for (const name of [...this.#secrets.keys()]) this.clear(name);
    this.#forgetHash();
    this.#recoveryKey?.destroy();
    this.#recoveryKey = null;
    this.#confirmed = false;
    this.saved = false;
  }
}
