import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { InstallError } from "../../app/errors.ts";
import { Secret } from "../../app/secret.ts";
import type { Exec } from "../exec.ts";

/** shim's requests as mokutil 0.7.2 keeps and shows them, and mkpasswd's hashes. Everything else goes on to the machine. */
export class MokDouble {
  /** Certificates that are queued, with the hash of the password that MokManager would ask for. */
  readonly queued = new Map<string, string>();
  readonly calls: string[] = [];
  opensAtOnce = false;
  /** The firmware's memory is full. */
  isFull = false;
  /** The firmware says yes and forgets. */
  isForgetful = false;
  /** efivarfs is not there, or does not let itself be written. */
  isUnreachable = false;

  over(machine: Exec): Exec {
    return async (program, args, options = {}) => {
      if (program !== "mokutil" && args[0] !== "--method=sha512crypt") return machine(program, args, options);
      this.calls.push([program, ...args].join(" "));
      await Promise.resolve();
      if (program === "mokutil" && this.isUnreachable)
        throw new InstallError("tool-failed", "mokutil failed with exit code 1", { program });
      if (program === "mkpasswd") {
        const password = options.stdin instanceof Secret ? options.stdin.reveal() : "";
        return { code: 0, stderr: "", stdout: `$6$saltsaltsaltsalt$hash.of.${[...password].reverse().join("")}\n` };
      }
      return { code: 0, stderr: "", stdout: this.#mokutil(args, options.inputs?.[0]) };
    };
  }

  #mokutil(args: readonly string[], input: Secret | Uint8Array | undefined): string {
    const [option, value = ""] = args;
    if (option === "--list-new") return this.#list();
    if (option === "--revoke-import") this.queued.clear();
    if (option === "--timeout") this.opensAtOnce = value === "-1";
    if (option !== "--import") return "";
    if (this.isFull) throw new InstallError("tool-failed", "mokutil failed with exit code 255", { program: "mokutil" });
    if (!(input instanceof Secret)) throw new Error("the hash is a secret");
    const { fingerprint } = new X509Certificate(readFileSync(value));
    if (this.queued.has(fingerprint)) return `SKIP: ${value} is already in the enrollment request\n`;
    if (!this.isForgetful) this.queued.set(fingerprint, input.reveal());
    return "";
  }

  #list(): string {
    return [...this.queued.keys()]
      .map(
        (key, n) =>
          `[key ${String(n + 1)}]\nOwner: 605dab50-e046-4300-abb6-3dd810dd8b23\nSHA1 Fingerprint: ${key.toLowerCase()}\nCertificate:\n    Data:\n`,
      )
      .join("\n");
  }
}
