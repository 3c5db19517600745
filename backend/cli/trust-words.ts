import { duration } from "../../app/event-lines.ts";
import { englishTrust } from "../../app/trust-text.ts";
import type { Measurement, TrustStatus, TrustToken } from "../../app/trust.ts";
import { lockoutSeconds } from "../../app/wizard/check-tpm.ts";

const secureBoot: Readonly<Record<TrustStatus["secureBoot"], string>> = {
  enabled: "on",
  disabled: "off",
  "setup-mode": "off (setup mode)",
  unsupported: "not supported by this firmware",
};

const key: Readonly<Record<TrustStatus["key"], string>> = {
  db: "known to the firmware (db)",
  mok: "enrolled (MOK)",
  requested: "requested, waits for confirmation at the next start",
  none: "not enrolled",
};

const unlockedBy: Readonly<Record<TrustStatus["boot"]["unlockedBy"], string>> = {
  tpm2: "the TPM",
  key: "the passphrase or the recovery key",
  unknown: "not known",
};

const measured: Readonly<Record<Measurement["pcr"], string>> = {
  7: "Secure Boot and its keys",
  11: "boot image, signed by release",
  12: "additions to the command line",
  15: "unlocked disk",
};

const states: Readonly<Record<Measurement["state"], string>> = {
  "as-wanted": "as wanted",
  changed: "CHANGED",
  unknown: "not known",
};

/** Tries that are left before the TPM refuses all PINs, or how long it still does. */
function pinTries({ lockout }: TrustStatus): string | null {
  if (lockout === null) return null;
  if (!lockout.inLockout) return `${String(Math.max(0, lockout.maxTries - lockout.counter))} wrong PINs until lockout`;
  const seconds = lockoutSeconds({ lockout });
  return seconds === null ? "LOCKED" : `LOCKED for another ${duration(seconds)} at most`;
}

function tokenText({ pin, fits, thisTpm, slot }: TrustToken): string {
  if (slot === null) return "left over from an interrupted change";
  const seal = thisTpm === false ? "another TPM's" : fits ? "bound to the present state" : "bound to another state";
  return `${seal}, ${pin ? "with PIN" : "without PIN"}`;
}

const row = (name: string, value: string): string => `  ${name.padEnd(22)}${value}\n`;

function table(status: TrustStatus): string {
  const { boot, keys, tpmTokens, measurements } = status;
  const tries = boot.triesLeft === null ? "" : `, ${String(boot.triesLeft)} tries left`;
  const pins = pinTries(status);
  return [
    row("Secure Boot", secureBoot[status.secureBoot]),
    row("Our key", key[status.key]),
    row("Started from", `slot ${boot.slot?.toUpperCase() ?? "not known"}${tries}`),
    row("Unlocked by", unlockedBy[boot.unlockedBy]),
    ...(tpmTokens.length === 0 ? [row("TPM", "not bound")] : tpmTokens.map((token) => row("TPM", tokenText(token)))),
    ...(pins === null ? [] : [row("", pins)]),
    ...measurements.map(({ pcr, state }) => row(`PCR ${String(pcr)}`, `${states[state]} (${measured[pcr]})`)),
    row("Passphrases", String(keys.passphrases)),
    row("Recovery keys", String(keys.recoveryKeys)),
  ].join("");
}

/** The state of the machine for a person at a terminal. */
export function statusText(status: TrustStatus): string {
  const findings = status.problems.map((code) => `${englishTrust[code].problem}\n  ${englishTrust[code].whatToDo}\n`);
  return `${status.healthy ? "All is well.\n" : findings.join("")}\n${table(status)}`;
}
