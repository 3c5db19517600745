import type { TrustProblemCode } from "./trust.ts";
import type { EnrolmentFailure } from "./wizard/enrolment.ts";

export interface TrustText {
  /** What is wrong, one sentence. */
  readonly problem: string;
  /** What to do about it, one sentence or two. */
  readonly whatToDo: string;
}

/** The English texts of everything that `silver-trust status` can find. */
export const englishTrust: Readonly<Record<TrustProblemCode, TrustText>> = {
  "key-missing": {
    problem:
      "The firmware does not know our Secure Boot key: the blue screens that ask for it were left too early, or never came.",
    whatToDo:
      "Run “silver-trust enroll” and restart. Or choose “Enroll key from disk” in the blue screen, then silver/secure-boot.der.",
  },
  "key-requested": {
    problem: "Our Secure Boot key waits for confirmation.",
    whatToDo:
      "Restart and choose “Enroll MOK” in the blue screen, which asks for the one-time password. “silver-trust enroll” makes another.",
  },
  "secure-boot-off": {
    problem: "Secure Boot is off, so the TPM can not tell this system from another.",
    whatToDo: "Turn on Secure Boot in the firmware setup. Until then the passphrase opens the disk.",
  },
  "tpm-absent": {
    problem: "This computer has no TPM, or it is turned off.",
    whatToDo:
      "Turn on the TPM (also called PTT or fTPM) in the firmware setup. Until then the passphrase opens the disk.",
  },
  "tpm-unusable": {
    problem: "The TPM does not answer or lacks what is needed.",
    whatToDo: "Update or clear the TPM in the firmware setup, then run “silver-trust reseal”.",
  },
  "tpm-lockout": {
    problem: "The TPM refuses all PINs after too many wrong ones.",
    whatToDo: "Use the passphrase or the recovery key, or wait. “silver-trust change pin” ends the lockout at once.",
  },
  "foreign-start": {
    problem:
      "This start was not let in by our Secure Boot key, or the firmware's log does not explain what was measured.",
    whatToDo:
      "Start from the disk's own entry “SilverMetal” in the firmware's boot menu, not from another medium or boot loader.",
  },
  "command-line-changed": {
    problem: "Something was added to the kernel command line of this start (PCR 12).",
    whatToDo: "Remove add-ons and credentials from the EFI system partition that you did not put there, and restart.",
  },
  "release-not-signed": {
    problem: "The boot image that was started is not one of our releases (PCR 11).",
    whatToDo: "Choose another release in the boot menu, or start the installation medium to put the boot files right.",
  },
  "disk-changed": {
    problem: "The unlocked disk is not the one that was installed (PCR 15).",
    whatToDo:
      "Back up your files and install again; if nobody has re-encrypted this disk, somebody has had it in hand.",
  },
  "not-bound": {
    problem: "The disk is not bound to the TPM.",
    whatToDo: "Run “silver-trust reseal”.",
  },
  "other-tpm": {
    problem: "The disk is bound to another computer's TPM, or this one was cleared.",
    whatToDo: "Run “silver-trust reseal” if the disk was moved or the TPM cleared on purpose.",
  },
  "state-changed": {
    problem:
      "The security state of this computer is not the one that the disk is bound to (PCR 7: Secure Boot and its keys).",
    whatToDo:
      "If you have updated the firmware or changed its settings, run “silver-trust reseal”. Otherwise find out who did.",
  },
  "unfinished-change": {
    problem: "A change of the disk's keys was interrupted.",
    whatToDo: "Run the same “silver-trust” command again; it cleans up what is left.",
  },
  "no-passphrase": {
    problem: "The disk has no passphrase.",
    whatToDo: "Set one with “silver-trust change passphrase” and the recovery key.",
  },
};

/** The English texts of what kept the firmware from taking our key. */
export const englishEnrolmentFailure: Readonly<Record<EnrolmentFailure, TrustText>> = {
  "firmware-variables-missing": {
    problem: "The firmware's variables can not be reached: efivarfs is not mounted.",
    whatToDo:
      "Run “mount -t efivarfs efivarfs /sys/firmware/efi/efivars” and try again. If that fails, choose “Enroll key from disk” in the blue screen, then silver/secure-boot.der.",
  },
  "firmware-variables-read-only": {
    problem: "The firmware's variables are write-protected: efivarfs is mounted read-only.",
    whatToDo: "Run “mount -o remount,rw /sys/firmware/efi/efivars” and try again.",
  },
  "key-enrolment-failed": {
    problem: "The firmware refused to keep the key; its memory may be full.",
    whatToDo:
      "Remove boot entries that nobody needs (“efibootmgr”), or load the firmware's default settings, and try again.",
  },
};
