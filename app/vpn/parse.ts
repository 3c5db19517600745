import type { Secret } from "../secret.ts";
import { networkOf, parseAddress } from "./address.ts";
import { carriedFamilies, type VpnConfig, type VpnPeer } from "./config.ts";
import { decodeConfig, type Entry, type Place, readSections, type Report, type Section, wholeFile } from "./lines.ts";
import { MTU_RANGE, VpnConfigError, type VpnKey, type VpnProblem } from "./problem.ts";
import { routeProblems, simplified } from "./routes.ts";
import {
  endpoint,
  keepaliveSeconds,
  nameServers,
  numberWithin,
  PORTS,
  prefixes,
  publicKey,
  secretKey,
} from "./values.ts";

/** What only the computer itself can tell of a key. */
export interface KeyFacts {
  readonly publicKeyOf: (key: Secret) => string;
  /** Another connection has this private key. */
  readonly isInUse: (key: Secret) => boolean;
}

type Reader<Value> = (text: string) => Value | null;

/** Reads the settings of one section and reports what is wrong with them. */
class SectionReader {
  readonly #section: Section;
  readonly #report: Report;

  constructor(section: Section, report: Report) {
    this.#section = section;
    this.#report = report;
  }

  /** The place of a setting, or of the section without it. */
  place(key: VpnKey): Place {
    return this.#all(key)[0] ?? this.#section;
  }

  /** A setting that may stand once. @returns null when it is missing or wrong */
  one<Value>(key: VpnKey, kind: VpnProblem["kind"], read: Reader<Value>): Value | null {
    const [first, ...others] = this.#all(key);
    for (const other of others) this.#report("duplicate-key", other, { key });
    if (!first) return null;
    const value = read(first.value);
    if (value === null) this.#report(kind, first, { key });
    return value;
  }

  /** The same, where the tunnel needs it. */
  needed<Value>(key: VpnKey, kind: VpnProblem["kind"], read: Reader<Value>): Value | null {
    this.#need(key);
    return this.one(key, kind, read);
  }

  /** A list that may be spread over several lines. */
  list<Value>(key: VpnKey, kind: VpnProblem["kind"], read: Reader<Value[]>): Value[] {
    return this.#all(key).flatMap((entry) => {
      const values = read(entry.value);
      if (values === null) this.#report(kind, entry, { key });
      return values ?? [];
    });
  }

  /** The same, where the tunnel needs it. */
  neededList<Value>(key: VpnKey, kind: VpnProblem["kind"], read: Reader<Value[]>): Value[] {
    this.#need(key);
    return this.list(key, kind, read);
  }

  #need(key: VpnKey): void {
    if (this.#all(key).length === 0) this.#report("missing-key", this.#section, { about: key });
  }

  #all(key: VpnKey): readonly Entry[] {
    return this.#section.entries.filter((entry) => entry.key === key);
  }
}

type Incomplete<Type> = { readonly [Key in keyof Type]: Type[Key] | null };
type Interface = Omit<VpnConfig, "peers" | "privateKey"> & { readonly privateKey: Secret | null };

function readInterface(reader: SectionReader): Interface {
  return {
    privateKey: reader.needed("PrivateKey", "bad-key", secretKey),
    addresses: reader.neededList("Address", "bad-address", prefixes),
    dns: reader.list("DNS", "bad-dns", nameServers),
    mtu: reader.one("MTU", "bad-number", (text) => numberWithin(text, MTU_RANGE)),
    listenPort: reader.one("ListenPort", "bad-number", (text) => numberWithin(text, PORTS)),
  };
}

function readPeer(reader: SectionReader): Incomplete<VpnPeer> & Pick<VpnPeer, "allowed"> {
  return {
    publicKey: reader.needed("PublicKey", "bad-key", publicKey),
    presharedKey: reader.one("PresharedKey", "bad-key", secretKey),
    endpoint: reader.needed("Endpoint", "bad-endpoint", endpoint),
    allowed: simplified(reader.neededList("AllowedIPs", "bad-address", prefixes).map(networkOf)),
    keepalive: reader.one("PersistentKeepalive", "bad-number", keepaliveSeconds) ?? 0,
  };
}

interface Read<Values> {
  readonly reader: SectionReader;
  readonly values: Values;
}
type ReadPeer = Read<ReturnType<typeof readPeer>>;

function checkKeys(own: Read<Interface>, peers: readonly ReadPeer[], facts: KeyFacts, report: Report): void {
  const { privateKey } = own.values;
  if (privateKey && facts.isInUse(privateKey)) {
    report("key-in-use", own.reader.place("PrivateKey"), { key: "PrivateKey" });
  }
  const ownKeys = privateKey ? [privateKey.reveal(), facts.publicKeyOf(privateKey)] : [];
  for (const [index, { reader, values }] of peers.entries()) {
    if (values.publicKey === null) continue;
    const place = reader.place("PublicKey");
    if (ownKeys.includes(values.publicKey)) report("own-key-as-peer", place, { key: "PublicKey" });
    const isTwice = peers.slice(0, index).some((other) => other.values.publicKey === values.publicKey);
    if (isTwice) report("peer-twice", place, { key: "PublicKey" });
  }
}

/** Asked when all lines are right: a mistyped network would be reported a second time as a missing one. */
function checkTunnel(own: Read<Interface>, peers: readonly ReadPeer[], report: Report): void {
  const values = peers.map((peer) => peer.values);
  for (const { kind, peer, about } of routeProblems(values, own.values.addresses)) {
    const place = peers[peer]?.reader.place("AllowedIPs") ?? wholeFile;
    report(kind, place, { key: "AllowedIPs", about });
  }
  const carried = carriedFamilies(own.values.addresses, values);
  const isInside = own.values.dns.some((server) => carried.some((family) => parseAddress(server)?.family === family));
  if (carried.length > 0 && !isInside) report("dns-outside", own.reader.place("DNS"), { key: "DNS" });
}

/**
 * Reads a wg-quick configuration and checks all of it before anything of it is used.
 * @throws {VpnConfigError} and nothing else, with every mistake
 */
export function parseVpnConfig(bytes: Uint8Array, facts: KeyFacts): VpnConfig {
  const problems: VpnProblem[] = [];
  const report: Report = (kind, { line, column }, { key = null, about = "" } = {}) => {
    problems.push({ kind, line, column, key, about });
  };
  const sections = readSections(decodeConfig(bytes), report);
  const [section] = sections.filter(({ name }) => name === "interface");
  const peers = sections
    .filter(({ name }) => name === "peer")
    .map((peer) => new SectionReader(peer, report))
    .map((reader) => ({ reader, values: readPeer(reader) }));
  if (!section) report("missing-section", wholeFile, { about: "Interface" });
  if (peers.length === 0) report("missing-section", wholeFile, { about: "Peer" });
  if (!section) throw new VpnConfigError(problems);

  const reader = new SectionReader(section, report);
  const own = { reader, values: readInterface(reader) };
  checkKeys(own, peers, facts, report);
  if (problems.length === 0) checkTunnel(own, peers, report);
  if (problems.length > 0) throw new VpnConfigError(problems);
  return { ...own.values, peers: peers.map(({ values }) => values) } as VpnConfig;
}
