import { prefixText } from "../address.ts";
import type { VpnConfig, VpnPeer } from "../config.ts";

const line = (key: string, value: string | number | null | undefined): string[] =>
  value === null || value === undefined || value === "" ? [] : [`${key} = ${String(value)}`];

function peerLines({ publicKey, presharedKey, endpoint, allowed, keepalive }: VpnPeer): string[] {
  const host = endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host;
  return [
    "[Peer]",
    ...line("PublicKey", publicKey),
    ...line("PresharedKey", presharedKey?.reveal()),
    ...line("Endpoint", `${host}:${String(endpoint.port)}`),
    ...line("AllowedIPs", allowed.map(prefixText).join(", ")),
    ...line("PersistentKeepalive", keepalive === 0 ? "off" : keepalive),
  ];
}

/** A configuration as a provider would write it. */
export function printVpnConfig({ privateKey, addresses, dns, mtu, listenPort, peers }: VpnConfig): string {
  const lines = [
    "[Interface]",
    ...line("PrivateKey", privateKey.reveal()),
    ...line("Address", addresses.map(prefixText).join(",")),
    ...line("DNS", dns.join(", ")),
    ...line("MTU", mtu),
    ...line("ListenPort", listenPort),
    ...peers.flatMap((peer) => ["", ...peerLines(peer)]),
  ];
  return `${lines.join("\n")}\n`;
}
