export interface Need {
  readonly package: string;
  readonly program?: string;
  readonly files?: readonly string[];
  /** Not asked for on a computer without a display. */
  readonly withDisplayOnly?: boolean;
  /** Major and minor version that is installed where it can be had; an older one will do. */
  readonly wanted?: readonly [number, number];
  readonly why: string;
}

export declare const NODE_RANGE: string;
export declare const needs: Readonly<Record<"dev" | "test" | "iso" | "vm", readonly Need[]>>;
export declare function isNodeNewEnough(version: string): boolean;
export declare function missingNeeds(mode: string, isPresent: (need: Need) => boolean): Need[] | null;
export declare function isVersionAtLeast(printed: string, wanted: readonly [number, number]): boolean;
export declare function hasDisplay(env: Readonly<Record<string, string | undefined>>): boolean;
export declare function isInstallStale(installed: number | null, locked: number): boolean;
export declare function describeNeeds(missing: readonly Need[]): string;
