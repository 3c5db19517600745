/** An IP address as a number: 32 bits in IPv4, 128 in IPv6. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** An address with the length of its network's prefix in bits. */
export interface Prefix extends Address {
  readonly length: number;
}

/** Bits of an address. */
export const addressBits = { 4: 32, 6: 128 } as const;

function parseIpv4(text: string): bigint | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return null;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

/** The groups of one side of `::`; null for anything that is no group. A dotted IPv4 address at the end is two. */
function groupsOf(text: string): bigint[] | null {
  if (text === "") return [];
  const groups: bigint[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const dotted = index === parts.length - 1 && part.includes(".") ? parseIpv4(part) : null;
    if (dotted !== null) groups.push(dotted >> 16n, dotted & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}

/** RFC 4291, section 2.2, without zones. */
function parseIpv6(text: string): bigint | null {
  const sides = text.split("::");
  const [head, tail = []] = sides.map(groupsOf);
  if (!head || !tail || sides.length > 2 || (sides.length === 2 && (sides[0] ?? "").includes("."))) return null;
  const missing = 8 - head.length - tail.length;
  if (sides.length === 1 ? missing !== 0 : missing < 1) return null;
  return [...head, ...Array<bigint>(missing).fill(0n), ...tail].reduce((value, group) => (value << 16n) | group, 0n);
}

/** @returns null for anything that is no plain IPv4 or IPv6 address */
export function parseAddress(text: string): Address | null {
  const family = text.includes(":") ? 6 : 4;
  const value = family === 6 ? parseIpv6(text) : parseIpv4(text);
  return value === null ? null : { family, value };
}

/** An address alone is a network of one. @returns null for anything else than `ADDRESS` or `ADDRESS/BITS` */
export function parsePrefix(text: string): Prefix | null {
  const [, plain = "", bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parseAddress(plain);
  if (address === null) return null;
  const length = bits === undefined ? addressBits[address.family] : Number(bits);
  return length <= addressBits[address.family] ? { ...address, length } : null;
}

/** The network that the address is in: its bits after the prefix are cleared. */
export function networkOf({ family, value, length }: Prefix): Prefix {
  const rest = BigInt(addressBits[family] - length);
  return { family, value: (value >> rest) << rest, length };
}

/** RFC 5952: small letters, the longest run of zero groups as `::`. */
export function addressText({ family, value }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  const runs = groups.map((_, at) => groups.slice(at).findIndex((group) => group !== "0"));
  const lengths = runs.map((run, at) => (run === -1 ? 8 - at : run));
  const longest = Math.max(...lengths);
  if (longest < 2) return groups.join(":");
  const start = lengths.indexOf(longest);
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + longest).join(":")}`;
}

export const prefixText = (prefix: Prefix): string => `${addressText(prefix)}/${String(prefix.length)}`;

/** Whether every address of `inner` is one of `outer`. */
export function covers(outer: Prefix, inner: Prefix): boolean {
  if (outer.family !== inner.family || outer.length > inner.length) return false;
  const rest = BigInt(addressBits[outer.family] - outer.length);
  return outer.value >> rest === inner.value >> rest;
}

/** The networks of a family that are in none of `prefixes`, in order. */
export function outside(prefixes: readonly Prefix[], family: 4 | 6): Prefix[] {
  const gaps = (within: Prefix, candidates: readonly Prefix[]): Prefix[] => {
    if (candidates.some((prefix) => covers(prefix, within))) return [];
    const inside = candidates.filter((prefix) => covers(within, prefix));
    if (inside.length === 0) return [within];
    const length = within.length + 1;
    const half = 1n << BigInt(addressBits[family] - length);
    return [within.value, within.value + half].flatMap((value) => gaps({ family, value, length }, inside));
  };
  return gaps({ family, value: 0n, length: 0 }, prefixes);
}
