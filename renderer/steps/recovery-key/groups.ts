import { randomIndex, type FillRandom } from "../../../app/wizard/passphrase-words.ts";

/** Number of groups in a recovery key. */
export const GROUPS = 8;

/** The key as systemd-cryptenroll prints it and the prompt at the start takes it. */
export const keyText = (groups: readonly string[]): string => groups.join("-");

/** What was typed for a group, without spaces, hyphens and capitals. */
export const normalGroup = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/[\s\p{Pd}]/gu, "")
    .toLowerCase();

const systemRandom: FillRandom = (array) => crypto.getRandomValues(array);

/** The index of a group to ask for, another one than the last time. */
export function pickGroup(last: number | null, fill: FillRandom = systemRandom): number {
  if (last === null) return randomIndex(GROUPS, fill);
  return (last + 1 + randomIndex(GROUPS - 1, fill)) % GROUPS;
}
