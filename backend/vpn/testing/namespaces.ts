import { exec } from "../../exec.ts";
import { TUNNEL } from "../keyfile.ts";

/** The far end's WireGuard interface. */
export const WIREGUARD_PEER = "silver-peer";

export const works = (program: string, args: readonly string[]): Promise<boolean> =>
  exec(program, args).then(
    () => true,
    () => false,
  );

/** What this host lacks for tests with real network namespaces and nftables; null: nothing. */
export async function missingOnHost(): Promise<string | null> {
  if (!(await works("ip", ["-V"]))) return "ip (Debian package iproute2)";
  if (!(await works("nft", ["--version"]))) return "nft (Debian package nftables)";
  const probe = `silver-probe-${String(process.pid)}`;
  if (!(await works("ip", ["netns", "add", probe]))) return "the right to make network namespaces (root)";
  const canFilter = await works("ip", ["netns", "exec", probe, "nft", "list", "ruleset"]);
  await exec("ip", ["netns", "delete", probe]);
  return canFilter ? null : "nftables in its kernel";
}

/** Counts by kind what arrives at the outer end of a cable: before its own rules, and whoever it is for. */
const counters = `
table inet seen {
  counter endpoint {}
  counter dhcp {}
  counter discovery {}
  counter lan {}
  counter other {}
  chain arriving {
    type filter hook prerouting priority -500; policy accept;
    iifname != "cable" accept
    udp sport 68 udp dport 67 counter name dhcp accept
    udp sport 546 udp dport 547 counter name dhcp accept
    icmpv6 type { 133, 135, 136, 143 } counter name discovery accept
    ip daddr 198.51.100.7 udp dport 51820 counter name endpoint accept
    ip daddr 192.168.7.0/24 counter name lan accept
    ip6 daddr { fe80::/10, fd00:7::/64 } counter name lan accept
    counter name other accept
  }
}`;

export type Seen = Readonly<Record<"endpoint" | "dhcp" | "discovery" | "lan" | "other", number>>;

/** A packet to send: UDP (from a port, to find it again) or TCP, to an address and port. */
export interface Packet {
  readonly protocol: "udp" | "tcp";
  readonly to: string;
  readonly port: number;
  readonly from?: number;
}

/** Sends from inside a namespace: an argument of JSON, an answer of what each attempt came to. */
const SENDER = `
const dgram = require("node:dgram"), net = require("node:net");
const udp = ({ to, port, from = 0 }) => new Promise((done) => {
  const socket = dgram.createSocket(to.includes(":") ? "udp6" : "udp4");
  const end = (error) => { socket.close(); done(error?.code ?? "sent"); };
  socket.on("error", end).bind(from, () => { socket.setBroadcast(true); socket.send("x", port, to, end); });
});
const tcp = ({ to, port }) => new Promise((done) => {
  const socket = net.connect({ host: to, port, timeout: 2000 });
  const end = (word) => { socket.destroy(); done(word); };
  socket.on("connect", () => end("connected")).on("timeout", () => end("silence")).on("error", (error) => end(error.code));
});
Promise.all(JSON.parse(process.argv[1]).map((packet) => (packet.protocol === "udp" ? udp : tcp)(packet)))
  .then((answers) => console.log(JSON.stringify(answers)));`;

/** This computer in one namespace, the network in another, a cable and a stand-in for the tunnel between them. */
export class TwoNamespaces {
  readonly #inside = `silver-in-${String(process.pid)}`;
  readonly #outside = `silver-out-${String(process.pid)}`;
  readonly #cables: string[] = [];
  readonly names = [this.#inside, this.#outside] as const;

  /** @param tunnel whether a second cable stands for the tunnel */
  static async make(tunnel = true): Promise<TwoNamespaces> {
    const made = new TwoNamespaces();
    const [inside, outside] = made.names;
    for (const name of [inside, outside]) {
      await exec("ip", ["netns", "add", name]);
      // Link-local addresses are good at once: nobody else is on the cable.
      const set = "for all in all default; do echo 0 >/proc/sys/net/ipv6/conf/$all/accept_dad; done";
      await exec("ip", ["netns", "exec", name, "sh", "-c", set]);
    }
    const cables = [["eth0", "cable"] as const, ...(tunnel ? [[TUNNEL, "tunnel"] as const] : [])];
    for (const [near, far] of cables) {
      await exec("ip", ["-n", inside, "link", "add", near, "type", "veth", "peer", "name", far, "netns", outside]);
    }
    made.#cables.push(...cables.flat());
    return made;
  }

  /** Gives addresses and routes: everything by the cable, as before a tunnel is there. Filters come before. */
  async connect(): Promise<void> {
    const at = (name: string, line: string) => exec("ip", ["-n", name, ...line.split(" ")]);
    for (const [name, device, addresses] of [
      [this.#outside, "cable", ["192.168.7.1/24", "fd00:7::1/64"]],
      [this.#outside, "tunnel", ["10.64.0.1/24"]],
      [this.#inside, "eth0", ["192.168.7.2/24", "fd00:7::2/64"]],
      [this.#inside, TUNNEL, ["10.64.0.2/24"]],
    ] as const) {
      if (!this.#cables.includes(device)) continue;
      for (const address of addresses) {
        await at(name, `address add ${address} dev ${device}${address.includes(":") ? " nodad" : ""}`);
      }
      await at(name, `link set ${device} up`);
    }
    for (const name of [this.#inside, this.#outside]) await at(name, "link set lo up");
    await at(this.#inside, "route add default via 192.168.7.1");
    await at(this.#inside, "route add default via fd00:7::1");
  }

  async load(where: "inside" | "outside", rules: string): Promise<void> {
    const name = where === "inside" ? this.#inside : this.#outside;
    await exec("ip", ["netns", "exec", name, "nft", "-f", "-"], { stdin: rules });
  }

  /** Starts to count at the outer end of the cable, from zero. */
  async watch(): Promise<void> {
    await this.load("outside", `table inet seen\ndelete table inet seen\n${counters}`);
  }

  /** Packets since {@link watch}. */
  async seen(): Promise<Seen> {
    const { stdout } = await exec("ip", ["netns", "exec", this.#outside, "nft", "-j", "list", "counters"]);
    const { nftables } = JSON.parse(stdout) as { nftables: { counter?: { name: keyof Seen; packets: number } }[] };
    return Object.fromEntries(
      nftables.flatMap(({ counter }) => (counter ? [[counter.name, counter.packets]] : [])),
    ) as Seen;
  }

  /** Sends from one side. @returns how each attempt ended */
  async send(from: "inside" | "outside", packets: readonly Packet[]): Promise<string[]> {
    const name = from === "inside" ? this.#inside : this.#outside;
    const args = ["netns", "exec", name, process.execPath, "-e", SENDER, JSON.stringify(packets)];
    return JSON.parse((await exec("ip", args)).stdout) as string[];
  }

  /** Makes this computer a router, and sends what is for everybody to it by the tunnel. */
  async forwardFromTunnel(): Promise<void> {
    const inside = ["netns", "exec", this.#inside];
    await exec("ip", [...inside, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward"]);
    await exec("ip", ["-n", this.#outside, "route", "add", "default", "via", "10.64.0.2"]);
  }

  /** Makes the network send what is for the address in the tunnel by the cable. */
  async routeTunnelAddressByCable(): Promise<void> {
    await exec("ip", ["-n", this.#outside, "route", "add", "10.64.0.2/32", "via", "192.168.7.2"]);
  }

  /** Packets that the kill switch has kept from the address in the tunnel. */
  async guarded(): Promise<number> {
    const list = ["nft", "list", "chain", "inet", "silver_vpn", "guard"];
    const { stdout } = await exec("ip", ["netns", "exec", this.#inside, ...list]);
    return Number(/counter packets (\d+)/.exec(stdout)?.[1]);
  }

  /** Takes the tunnel's interface down. */
  async breakTunnel(): Promise<void> {
    await exec("ip", ["-n", this.#inside, "link", "set", TUNNEL, "down"]);
  }

  async dispose(): Promise<void> {
    // wireguard-go ends with its interface, and holds its namespace until then.
    for (const [name, device] of [
      [this.#inside, TUNNEL],
      [this.#outside, WIREGUARD_PEER],
    ] as const) {
      await exec("ip", ["-n", name, "link", "delete", device], { okCodes: [0, 1] });
    }
    for (const name of [this.#inside, this.#outside]) await exec("ip", ["netns", "delete", name], { okCodes: [0, 1] });
  }
}
