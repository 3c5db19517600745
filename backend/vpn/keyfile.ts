import { carriedFamilies, type VpnConfig, type VpnPeer } from "../../app/vpn/config.ts";
import { parseAddress, prefixText } from "../../app/vpn/address.ts";
import type { VpnGate } from "../../app/vpn/state.ts";

/** Network interface of the tunnel; 15 characters are the kernel's limit. */
export const TUNNEL = "silver-vpn";
/** Of our connection in NetworkManager, on every computer; it never leaves one. */
export const CONNECTION_UUID = "6d4b4b1f-6f5b-4c0e-9f8b-0d3f2f5c7a51";
/** Marks WireGuard's own packets, which go around the tunnel, and names its routing table: "SVPN" in ASCII. */
export const TUNNEL_MARK = 0x5356504e;
/** Below 0 the name servers of every other connection are left out (`ipv4.dns-priority` of nm-settings(5)). */
const DNS_PRIORITY = -100;

const section = (name: string, entries: Readonly<Record<string, string | number | null>>): string => {
  const lines = Object.entries(entries).flatMap(([key, value]) =>
    value === null ? [] : [`${key}=${String(value)}\n`],
  );
  return `[${name}]\n${lines.join("")}`;
};

const endpointText = ({ address, port }: VpnGate): string =>
  `${address.includes(":") ? `[${address}]` : address}:${String(port)}`;
const peerSection = (publicKey: string): string => `wireguard-peer.${publicKey}`;

function peerText({ publicKey, presharedKey, allowed, keepalive }: VpnPeer, gate: VpnGate | undefined): string {
  return section(peerSection(publicKey), {
    endpoint: gate ? endpointText(gate) : null,
    "allowed-ips": allowed.map((prefix) => `${prefixText(prefix)};`).join(""),
    "persistent-keepalive": keepalive === 0 ? null : keepalive,
    "preshared-key": presharedKey?.reveal() ?? null,
    "preshared-key-flags": presharedKey ? 0 : null,
  });
}

function ipText(family: 4 | 6, { addresses, dns, peers }: VpnConfig): string {
  const name = `ipv${String(family)}`;
  if (!carriedFamilies(addresses, peers).includes(family)) return section(name, { method: "disabled" });
  const mine = addresses.filter((prefix) => prefix.family === family);
  const servers = dns.filter((server) => parseAddress(server)?.family === family);
  return section(name, {
    ...Object.fromEntries(mine.map((prefix, index) => [`address${String(index + 1)}`, prefixText(prefix)])),
    dns: servers.length === 0 ? null : servers.map((server) => `${server};`).join(""),
    "dns-priority": DNS_PRIORITY,
    "dns-search": "~.;",
    method: "manual",
    "never-default": "false",
  });
}

/**
 * The connection as nm-settings-keyfile(5) has it, with all secrets: for the one file that NetworkManager reads. The
 * default route goes through the tunnel by policy routing, and the tunnel's own packets go around it by their mark.
 */
export function keyfile(config: VpnConfig, gates: readonly VpnGate[]): string {
  const sections = [
    section("connection", {
      id: "SilverVPN",
      uuid: CONNECTION_UUID,
      type: "wireguard",
      "interface-name": TUNNEL,
      autoconnect: "true",
    }),
    section("wireguard", {
      fwmark: TUNNEL_MARK,
      "listen-port": config.listenPort,
      mtu: config.mtu,
      "private-key": config.privateKey.reveal(),
      "private-key-flags": 0,
    }),
    ...config.peers.map((peer) =>
      peerText(
        peer,
        gates.find(({ publicKey }) => publicKey === peer.publicKey),
      ),
    ),
    ipText(4, config),
    ipText(6, config),
  ];
  return sections.join("\n");
}

/** Replaces the value of one setting, or adds it. A section that is not there stays away. */
function withValue(text: string, name: string, key: string, value: string): string {
  const lines = text.split("\n");
  const start = lines.indexOf(`[${name}]`);
  if (start === -1) return text;
  const next = lines.findIndex((line, index) => index > start && line.startsWith("["));
  const end = next === -1 ? lines.length : next;
  const at = lines.findIndex((line, index) => index > start && index < end && line.startsWith(`${key}=`));
  lines.splice(at === -1 ? start + 1 : at, at === -1 ? 0 : 1, `${key}=${value}`);
  return lines.join("\n");
}

/** The same connection with what may change later; what a person has changed in it stays. */
export function changedKeyfile(text: string, autoconnect: boolean, gates: readonly VpnGate[]): string {
  return gates.reduce(
    (changed, gate) => withValue(changed, peerSection(gate.publicKey), "endpoint", endpointText(gate)),
    withValue(text, "connection", "autoconnect", String(autoconnect)),
  );
}

/** Whether a connection has this private key. */
export function hasPrivateKey(text: string, key: string): boolean {
  return text.split("\n").some((line) => /^\s*private-key\s*=(.*)$/.exec(line)?.[1]?.trim() === key);
}

/** Whether it is our own connection. */
export const isOurs = (text: string): boolean => text.split("\n").includes(`uuid=${CONNECTION_UUID}`);
