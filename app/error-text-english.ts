import type { ErrorText, ErrorTextKey } from "./error-text-key.ts";
import type { Fix } from "./errors.ts";

const unchanged = "Nothing on the disk has been changed.";

const notTypeable = (secret: string): ErrorText => ({
  title: `The ${secret} cannot be typed at the start`,
  explanation: `The {{keyboard}} keyboard of the start prompt lacks a character of the ${secret}. ${unchanged}`,
  whatToDo: `Choose another ${secret}, or the keyboard layout that it is typed on.`,
});

const secretFileMissing = (secret: string): ErrorText => ({
  title: "A file with a secret is missing",
  explanation: `The answers take the ${secret} from {{file}}, which cannot be read or holds no usable text. ${unchanged}`,
  whatToDo: "Put the file on the answer medium, in the folder of answers.yaml or below it.",
});

/** The English texts by key; `{{name}}` places are filled from the error's details. */
export const englishErrors: Readonly<Record<ErrorTextKey, ErrorText>> = {
  "answers-missing": {
    title: "No answer file",
    explanation:
      "The medium labelled SILVER-OEM has no file answers.yaml in its top folder, or there is no such medium.",
    whatToDo: "Put answers.yaml on the medium and start again, or install with the graphical installer.",
  },
  "answers-invalid": {
    title: "The answer file has mistakes",
    explanation: `The installer read {{file}} and cannot do what it says. ${unchanged}`,
    whatToDo: "Correct the places below and start again.",
  },
  "no-disk": {
    title: "No disk to install to",
    explanation: "Besides the installation medium this computer shows no disk.",
    whatToDo: "Connect a disk. If it has one, look in the firmware setup for a RAID or Intel RST mode and choose AHCI.",
  },
  "disk-not-found": {
    title: "The disk in the answers is not in this computer",
    explanation: `No disk has all the properties that the answers ask for. ${unchanged}`,
    whatToDo: "Compare the answers with the disks below, or connect the disk that is meant.",
  },
  "disk-ambiguous": {
    title: "More than one disk matches the answers",
    explanation: `The installer erases a disk only when exactly one is meant. ${unchanged}`,
    whatToDo: "Add a property to the answers that only the right disk has: its serial or byId, or pick.",
  },
  "disk-ambiguous-twins": {
    title: "Disks of the same size match the answers",
    explanation: `The answers pick by size, and more than one matching disk has that size. ${unchanged}`,
    whatToDo: "Name the right disk in the answers by its serial or byId.",
  },
  "disk-unusable": {
    title: "The disk cannot be used",
    explanation: `The installer cannot install to {{disk}}. ${unchanged}`,
    whatToDo: "Choose another disk.",
  },
  "disk-unusable-medium": {
    title: "The disk carries the installer",
    explanation: `{{disk}} is the medium that this installer or its answers are read from. ${unchanged}`,
    whatToDo: "Choose another disk.",
  },
  "disk-unusable-mounted": {
    title: "The disk is in use",
    explanation: `A file system on {{disk}} is mounted. ${unchanged}`,
    whatToDo: "Unmount what is mounted from the disk, or choose another one.",
  },
  "disk-unusable-read-only": {
    title: "The disk is read-only",
    explanation: `{{disk}} refuses to be written to. ${unchanged}`,
    whatToDo:
      "Look for a write-protection switch, or choose another disk. Solid-state disks turn read-only when worn out.",
  },
  "disk-too-small": {
    title: "The disk is too small",
    explanation: `{{disk}} has {{size}} and cannot hold two copies of the system beside your data. ${unchanged}`,
    whatToDo: "Choose a larger disk.",
  },
  "disk-changed": {
    title: "The disk is not the one that was chosen",
    explanation: `Since the review something about {{disk}} has changed: it may have been swapped. ${unchanged}`,
    whatToDo: "Look at the list of disks again and choose anew.",
  },
  "disk-busy": {
    title: "The disk is in use",
    explanation: `Something still holds {{disk}}. ${unchanged}`,
    whatToDo: "Close what uses the disk and try again, or choose another one.",
  },
  "disk-io": {
    title: "The disk reports errors",
    explanation: "Reading from or writing to {{disk}} failed. The disk or its cable may be defective.",
    whatToDo: "Check the cable, or choose another disk. Save the report for support.",
  },
  "not-uefi": {
    title: "This computer was started in BIOS mode",
    explanation: "The new system needs UEFI firmware for Secure Boot and for unlocking the disk with the TPM.",
    whatToDo:
      "Turn off legacy or CSM start in the firmware setup and start the medium again. Without UEFI it cannot be installed.",
  },
  "secure-boot-key-missing": {
    title: "The firmware does not know our key",
    explanation: "Secure Boot is on and would refuse to start the new system, as our key is not among the firmware's.",
    whatToDo: "Enrol the key as the installer shows, then start again.",
  },
  "setup-mode-needed": {
    title: "The firmware is not in Setup Mode",
    explanation: `The answers ask for our own Secure Boot keys, which the firmware takes in Setup Mode alone. ${unchanged}`,
    whatToDo: "Delete the platform key (PK) in the firmware setup and start again, or say enroll: mok in the answers.",
  },
  "tpm-absent": {
    title: "This computer has no TPM 2.0",
    explanation: "The disk cannot be unlocked automatically without a TPM. Some computers have one that is turned off.",
    whatToDo: "Turn on the TPM (also called PTT or fTPM) in the firmware setup, or go on with the passphrase alone.",
  },
  "tpm-unusable": {
    title: "The TPM cannot be used",
    explanation: "This computer has a TPM, but it does not answer or lacks what is needed: TPM 2.0 with SHA-256.",
    whatToDo: "Clear or update the TPM in the firmware setup, or go on with the passphrase alone.",
  },
  "tpm-lockout": {
    title: "The TPM is locked",
    explanation: "After too many wrong PINs or passwords the TPM refuses service for a while.",
    whatToDo: "Leave this computer switched on and try again later, clear the TPM, or go on with the passphrase alone.",
  },
  "tpm-owned": {
    title: "The TPM belongs to another system",
    explanation: "An owner password was set on the TPM, and the installer does not know it.",
    whatToDo:
      "Clear the TPM in the firmware setup, which makes keys of other systems in it useless, or go on with the passphrase alone.",
  },
  "tpm-secure-boot-off": {
    title: "Secure Boot is off",
    explanation:
      "Without Secure Boot the TPM cannot tell the real system from an imitation, so it would protect nothing.",
    whatToDo: "Turn on Secure Boot in the firmware setup and start again, or go on with the passphrase alone.",
  },
  "event-log-unusable": {
    title: "The firmware's start log cannot be used",
    explanation: "The installer cannot work out what the TPM will measure when the new system starts.",
    whatToDo:
      "Go on with the passphrase alone; the TPM can be added from the installed system. Save the report for support.",
  },
  "passphrase-not-typeable": notTypeable("passphrase"),
  "passphrase-not-typeable-pin": notTypeable("PIN"),
  "secret-file-missing": secretFileMissing("passphrase"),
  "secret-file-missing-pin": secretFileMissing("PIN"),
  "secret-file-missing-one-time-password": secretFileMissing("one-time password"),
  "image-corrupt": {
    title: "The installation medium is damaged",
    explanation: "What the medium holds is not what was signed. Nothing from it will be installed.",
    whatToDo: "Write the medium again from a checked download, on another stick if it happens twice.",
  },
  "image-missing": {
    title: "The installation medium is incomplete",
    explanation: "A part of the system to be installed is not on the medium, or the medium was removed.",
    whatToDo: "Connect the medium again, or write it anew from a checked download.",
  },
  "verify-failed": {
    title: "The disk does not hold what was written",
    explanation: "Reading back what was installed gave something else, so the installation does not count: {{message}}",
    whatToDo: "Try again; if it fails again, the disk, the medium or the memory of this computer is defective.",
  },
  "tool-failed": {
    title: "A step of the installation failed",
    explanation: "{{program}} reported an error: {{message}}",
    whatToDo: "Try again. If it fails again, save the report for support.",
  },
  "tool-missing": {
    title: "The installer is incomplete",
    explanation: "{{program}} is missing from the installation medium.",
    whatToDo: "Write the medium anew from a checked download. If that does not help, save the report for support.",
  },
  "tool-timeout": {
    title: "A step of the installation hangs",
    explanation: "{{program}} did not finish in time; a slow or defective disk can be the cause.",
    whatToDo: "Try again. If it hangs again, save the report for support.",
  },
  "already-installed": {
    title: "This computer has been installed from this medium already",
    explanation:
      "installed.jsonl on the answer medium says that {{disk}} was installed, and it still holds that system.",
    whatToDo: "Remove the media and restart. To install again, delete installed.jsonl from the answer medium first.",
  },
  "already-installed-unrecorded": {
    title: "The system is installed on the disk already",
    explanation:
      "The answer medium is write-protected or full, so it cannot tell whether {{disk}} was installed from it. Without knowing, it does not erase the system that is there.",
    whatToDo:
      "If this computer has just been installed, remove the media and restart. To install again, use an answer medium that can be written to, or empty the disk first.",
  },
  cancelled: {
    title: "The installation was cancelled",
    explanation:
      "It was stopped before its end. A disk that was already being written holds an unfinished installation.",
    whatToDo: "Start again when you are ready.",
  },
  internal: {
    title: "The installer has a fault",
    explanation: "Something happened that should not: {{message}}",
    whatToDo: "Save the report and send it to us.",
  },
};

/** The English labels of the ways out. */
export const englishFixes: Readonly<Record<Fix, string>> = {
  retry: "Try again",
  "choose-another-disk": "Choose another disk",
  "edit-answers": "Change the answers",
  "continue-without-tpm": "Go on without the TPM",
  "clear-tpm": "How to clear the TPM",
  "wait-for-tpm-lockout": "Wait until the TPM is free",
  "enrol-key": "Enrol the key",
  "turn-on-secure-boot": "How to turn on Secure Boot",
  "replace-medium": "Use another installation medium",
  "connect-disk": "Look for disks again",
  "free-the-disk": "Free the disk",
  "save-report": "Save the report",
};
