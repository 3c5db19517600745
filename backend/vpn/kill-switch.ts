import { parseAddress } from "../../app/vpn/address.ts";
import type { VpnState } from "../../app/vpn/state.ts";
import { TUNNEL, TUNNEL_MARK } from "./keyfile.ts";

/** Name of our table in nftables. */
export const KILL_SWITCH = "inet silver_vpn";

/** Name lookups (DNS and DNS over TLS) never go to the local network. */
const LOOKUP_PORTS = "{ 53, 853 }";
/** RFC 1918, RFC 3927, and multicast of the local network: RFC 5771, RFC 2365. */
const LAN_4 =
  "{ 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, 224.0.0.0/24, 239.0.0.0/8, 255.255.255.255 }";
/** RFC 4291, RFC 4193, and multicast of the link and the site. */
const LAN_6 = "{ fe80::/10, fc00::/7, ff02::/16, ff05::/16 }";

const ipWord = (address: string): string => (parseAddress(address)?.family === 6 ? "ip6" : "ip");

/** A packet from the network to an address in the tunnel guesses at what goes on in there (CVE-2019-14899). */
const guard = (address: string): string =>
  `iifname != "${TUNNEL}" ${ipWord(address)} daddr ${address} fib saddr type != local counter drop`;

const gateRule = ({ address, port }: VpnState["gates"][number]): string =>
  `meta mark ${String(TUNNEL_MARK)} ${ipWord(address)} daddr ${address} udp dport ${String(port)} counter accept`;

/**
 * What makes a network work before there is a tunnel. DHCPv4 of RFC 2131; DHCPv6 of RFC 8415; router and neighbour
 * discovery of RFC 4861, and the reports of RFC 3810 without which some switches do not deliver it.
 */
const configuration = [
  "udp sport 68 udp dport 67 accept",
  "ip6 daddr { fe80::/10, ff02::1:2 } udp sport 546 udp dport 547 accept",
  "icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept",
  "icmpv6 type mld2-listener-report ip6 daddr ff02::16 accept",
];

const lanRules = [
  `meta l4proto { tcp, udp } th dport ${LOOKUP_PORTS} return`,
  `ip daddr ${LAN_4} accept`,
  `ip6 daddr ${LAN_6} accept`,
];

function chain(name: string, head: string | null, rules: readonly string[]): string {
  const lines = [...(head === null ? [] : [head]), ...rules].map((line) => `    ${line}\n`);
  return `  chain ${name} {\n${lines.join("")}  }\n`;
}

/** Takes the table away if it is there. */
export const withoutKillSwitch = `table ${KILL_SWITCH}\ndelete table ${KILL_SWITCH}\n`;

/**
 * The whole kill switch for `nft -f`, which puts it in the place of the one before it in one step. What is refused gets
 * an answer from this computer itself, so that programs do not wait for a network that stays silent.
 */
export function killSwitch({ lan, addresses, gates }: VpnState): string {
  const output = [
    `oifname { "lo", "${TUNNEL}" } accept`,
    ...gates.map(gateRule),
    ...configuration,
    ...(lan ? ["jump lan"] : []),
    "counter reject with icmpx admin-prohibited",
  ];
  return [
    "# Written by silver-setup vpn; loaded by silver-vpn.service before the network is up.\n",
    withoutKillSwitch,
    `table ${KILL_SWITCH} {\n`,
    chain("guard", "type filter hook prerouting priority raw; policy accept;", addresses.map(guard)),
    ...(lan ? [chain("lan", null, lanRules)] : []),
    chain("output", "type filter hook output priority filter; policy drop;", output),
    chain("forward", "type filter hook forward priority filter; policy drop;", []),
    "}\n",
  ].join("");
}
