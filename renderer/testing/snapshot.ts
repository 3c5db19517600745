import { initialChoices, type Choices } from "../../app/wizard/choices.ts";
import { noNetwork } from "../../app/wizard/network.ts";
import type { Snapshot } from "../../app/wizard/snapshot.ts";

export type SnapshotParts = Partial<Omit<Snapshot, "choices">> & { readonly choices?: Partial<Choices> };

/** A session that has just begun, with the given parts instead of its own. */
export function snapshotWith({ choices, ...parts }: SnapshotParts = {}): Snapshot {
  return {
    revision: 1,
    phase: "choosing",
    release: "1.0.0",
    dryRun: false,
    step: "welcome",
    skippedSteps: [],
    choices: { ...initialChoices, ...choices },
    lostDisk: null,
    secrets: { passphrase: false, pin: false, password: false, recoveryKey: "none", recoveryKeySaved: false },
    facts: null,
    layout: null,
    unlockCost: null,
    network: noNetwork,
    media: [],
    plan: null,
    progress: null,
    error: null,
    diskState: "untouched",
    ...parts,
  };
}
