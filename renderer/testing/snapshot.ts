import { initialChoices, type Choices } from "../../app/wizard/choices.ts";
import { emptySnapshot, type Snapshot } from "../../app/wizard/snapshot.ts";

export type SnapshotParts = Partial<Omit<Snapshot, "choices">> & { readonly choices?: Partial<Choices> };

/** A session that has just begun, with the given parts instead of its own. */
export function snapshotWith({ choices, ...parts }: SnapshotParts = {}): Snapshot {
  return {
    ...emptySnapshot,
    revision: 1,
    phase: "choosing",
    release: "1.0.0",
    choices: { ...initialChoices, ...choices },
    ...parts,
  };
}
