import { Secret } from "../secret.ts";
import { addressText, parseAddress, parsePrefix, type Prefix } from "./address.ts";
import type { VpnPeer } from "./config.ts";

/** 32 bytes in base64: 42 characters, one that ends in two zero bits, and one of padding. */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
const ZERO_KEY = `${"A".repeat(43)}=`;
/** RFC 1123, in the form that is looked up; punycode for everything else. */
const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i;

/** @returns null for anything that is no WireGuard key */
export const publicKey = (text: string): string | null => (KEY.test(text) && text !== ZERO_KEY ? text : null);

export function secretKey(text: string): Secret | null {
  return publicKey(text) === null ? null : new Secret(text);
}

/** @returns null unless it is a decimal number within the bounds, both included */
export function numberWithin(text: string, [least, most]: readonly [number, number]): number | null {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : null;
}

export const PORTS = [1, 65_535] as const;

export function keepaliveSeconds(text: string): number | null {
  return text.toLowerCase() === "off" ? 0 : numberWithin(text, [0, 65_535]);
}

function allOf<Item>(text: string, read: (part: string) => Item | null): Item[] | null {
  const items = text.split(",").map((part) => read(part.trim()));
  return items.some((item) => item === null) ? null : (items as Item[]);
}

/** A comma-separated list; null when one of its parts is wrong. */
export const prefixes = (text: string): Prefix[] | null => allOf(text, parsePrefix);

const isLoopback = (address: string): boolean => address.startsWith("127.") || address === "::1";

/** Name servers; a program of this computer is none in the tunnel. */
export function nameServers(text: string): string[] | null {
  return allOf(text, (part) => {
    const address = parseAddress(part);
    const plain = address && addressText(address);
    return plain === null || isLoopback(plain) ? null : plain;
  });
}

/** `host:port` or `[IPv6 address]:port`. */
export function endpoint(text: string): VpnPeer["endpoint"] | null {
  const [, bracketed, bare = "", digits = ""] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = numberWithin(digits, PORTS);
  const address = parseAddress(bracketed ?? bare);
  if (port === null || (bracketed !== undefined && address?.family !== 6)) return null;
  if (address) return { host: addressText(address), port };
  // All digits and dots is an address that somebody mistyped.
  return HOST.test(bare) && !/^[\d.]+$/.test(bare) ? { host: bare.toLowerCase(), port } : null;
}
