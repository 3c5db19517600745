/** What stands on one of MokManager's screens. It knows English alone, so none of this is translated. */
export interface MokScreenContent {
  readonly title: string;
  readonly lines: readonly string[];
  /** The line that is to be chosen; null where something is typed. */
  readonly chosen: string | null;
}

/** The screens of MokManager in shim 16.1 in the order in which they come, from the request to the restart. */
export const mokScreens: readonly MokScreenContent[] = [
  {
    title: "Perform MOK management",
    lines: ["Continue boot", "Enroll MOK", "Enroll key from disk", "Enroll hash from disk"],
    chosen: "Enroll MOK",
  },
  { title: "[Enroll MOK]", lines: ["View key 0", "Continue"], chosen: "Continue" },
  { title: "Enroll the key(s)?", lines: ["No", "Yes"], chosen: "Yes" },
  { title: "Enroll the key(s)?", lines: ["Password:"], chosen: null },
  {
    title: "Perform MOK management",
    lines: ["Reboot", "Enroll key from disk", "Enroll hash from disk"],
    chosen: "Reboot",
  },
];

/** The way that is left when the request was lost; names as MokManager shows them. */
export const fromDisk = { item: "Enroll key from disk", volume: "SILVER_ESP", file: "silver/secure-boot.der" } as const;
