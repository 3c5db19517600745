/** What can be wrong with a wg-quick configuration; stable names for programs. */
export type VpnProblemKind =
  | "too-large"
  | "not-text"
  | "unknown-section"
  | "duplicate-section"
  | "missing-section"
  | "outside-section"
  | "no-setting"
  | "unknown-key"
  | "duplicate-key"
  | "missing-key"
  | "command-refused"
  | "setting-refused"
  | "bad-key"
  | "bad-address"
  | "bad-dns"
  | "bad-endpoint"
  | "bad-number"
  | "own-key-as-peer"
  | "peer-twice"
  | "key-in-use"
  | "addresses-overlap"
  | "routes-leak"
  | "routes-split"
  | "dns-outside";

/** The settings that are known, as wg-quick(8) and wg(8) write them. */
export const vpnKeys = {
  interface: ["PrivateKey", "Address", "DNS", "MTU", "ListenPort"],
  peer: ["PublicKey", "PresharedKey", "Endpoint", "AllowedIPs", "PersistentKeepalive"],
  /** Run by wg-quick as root. */
  commands: ["PreUp", "PostUp", "PreDown", "PostDown"],
  /** Would change what the tunnel or its file is. */
  refused: ["SaveConfig", "Table", "FwMark"],
} as const;
export type VpnKey = (typeof vpnKeys)[keyof typeof vpnKeys][number];

/** One mistake with its place. Holds nothing of the file but names of known settings, and networks. */
export interface VpnProblem {
  readonly kind: VpnProblemKind;
  /** Counted from 1; the whole file is at 1. */
  readonly line: number;
  /** In UTF-16 units, counted from 1. */
  readonly column: number;
  readonly key: VpnKey | null;
  /** `missing-key`: what is needed; a kind about networks: which. */
  readonly about: string;
}

/** A configuration with at least one mistake. */
export class VpnConfigError extends Error {
  readonly problems: readonly VpnProblem[];

  /** @param problems sorted here by their places */
  constructor(problems: readonly VpnProblem[]) {
    super(`The configuration has ${problems.length === 1 ? "a mistake" : `${String(problems.length)} mistakes`}.`);
    this.name = "VpnConfigError";
    this.problems = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }
}

/** Largest configuration that is read, in bytes. */
export const MAX_CONFIG_BYTES = 64 * 1024;
/** Smallest and largest MTU in bytes: what IPv6 needs (RFC 8200), and jumbo frames. */
export const MTU_RANGE = [1280, 9000] as const;

const expected: Partial<Record<VpnKey, string>> = {
  MTU: `a number from ${String(MTU_RANGE[0])} to ${String(MTU_RANGE[1])}`,
  ListenPort: "a port from 1 to 65535",
  PersistentKeepalive: "seconds from 0 to 65535, or “off”",
};

type Text = (about: string, key: VpnKey | null) => string;

const english: Readonly<Record<VpnProblemKind, Text>> = {
  "too-large": () => `the file is larger than ${String(MAX_CONFIG_BYTES / 1024)} KiB; a configuration has a few lines`,
  "not-text": () => "the file is not plain text (UTF-8)",
  "unknown-section": () => "unknown section; expected [Interface] or [Peer]",
  "duplicate-section": () => "a second [Interface] section; expected one",
  "missing-section": (about) => `there is no [${about}] section`,
  "outside-section": () => "expected [Interface] before the first setting",
  "no-setting": () => "expected “Name = value”",
  "unknown-key": () => "unknown setting in this section",
  "duplicate-key": () => "given twice in this section",
  "missing-key": (about) => `“${about}” is missing in this section`,
  "command-refused": () => "runs a command as administrator, which no configuration may; remove the line",
  "setting-refused": () => "is decided by this system; remove the line",
  "bad-key": () => "expected a key of 44 characters (32 bytes in base64, not all zero)",
  "bad-address": () => "expected IP addresses with prefix length, for example 10.64.0.2/32, separated by commas",
  "bad-dns": () => "expected IP addresses of name servers, separated by commas",
  "bad-endpoint": () => "expected host:port or [IPv6 address]:port, with a port from 1 to 65535",
  "bad-number": (_about, key) => `expected ${(key && expected[key]) ?? "a number"}`,
  "own-key-as-peer": () => "this is the key of this computer's own end; expected the key of the other end",
  "peer-twice": () => "another [Peer] section has the same key",
  "key-in-use": () => "another connection of this computer uses this key; one key is for one connection",
  "addresses-overlap": (about) => `two peers claim ${about}; expected each address at one peer only`,
  "routes-leak": (about) => `would stay outside the tunnel: ${about}; expected 0.0.0.0/0, and ::/0 for IPv6`,
  "routes-split": (about) => `${about} is split between peers; expected one peer with all of it`,
  "dns-outside": () =>
    "name servers in the tunnel are missing, so that names would be asked for outside; expected DNS = and an address",
};

/** `office.conf:3:14: AllowedIPs: …`, as compilers write it. Never contains a value of the file. */
export function vpnProblemText(file: string, { kind, line, column, key, about }: VpnProblem): string {
  const place = `${file}:${String(line)}:${String(column)}`;
  return [place, ...(key === null ? [] : [key]), english[kind](about, key)].join(": ");
}
