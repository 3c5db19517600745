import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VpnState } from "../../app/vpn/state.ts";
import { TUNNEL_MARK } from "./keyfile.ts";
import { killSwitch, withoutKillSwitch } from "./kill-switch.ts";
import { missingOnHost, type Packet, TwoNamespaces } from "./testing/namespaces.ts";
import { connectWireGuard, wireGuardOf } from "./testing/wireguard.ts";

const missing = await missingOnHost();
if (missing !== null) {
  process.stderr.write(`\nTests of the kill switch with real packets are left out: this host lacks ${missing}.\n`);
}

const state: VpnState = {
  apiVersion: "silvermetal/vpn/v1",
  lan: false,
  addresses: ["10.64.0.2"],
  carried: [4],
  gates: [{ publicKey: "", host: "vpn.example", address: "198.51.100.7", port: 51820 }],
};

describe("the rules", () => {
  it("name the gate, the tunnel's addresses, and the local network only where it was chosen", () => {
    const two = {
      ...state,
      addresses: ["10.64.0.2", "fd00:64::2"],
      gates: [{ ...state.gates[0]!, address: "2001:db8::7" }],
    };
    expect(killSwitch(two)).toContain(`meta mark ${String(TUNNEL_MARK)} ip6 daddr 2001:db8::7 udp dport 51820`);
    expect(killSwitch(two)).toContain("ip6 daddr fd00:64::2 fib saddr type != local counter drop");
    expect(killSwitch(two)).not.toContain("192.168.0.0/16");
    expect(killSwitch({ ...two, lan: true })).toContain("192.168.0.0/16");
  });
});

const MARKED_PORT = 40_000;
/** Stands for WireGuard's own socket: what comes from one port is marked before it is routed. */
const marking = `table inet marks {
  chain output {
    type route hook output priority mangle; policy accept;
    udp sport ${String(MARKED_PORT)} meta mark set ${String(TUNNEL_MARK)}
  }
}`;

const udp = (to: string, port: number, from?: number): Packet => ({
  ...{ protocol: "udp", to, port },
  ...(from === undefined ? {} : { from }),
});
const tcp = (to: string, port: number): Packet => ({ protocol: "tcp", to, port });

/** Lookups, sites and pings of the network in both IP versions, and the gate's address for anybody but the tunnel. */
const leaks = [
  udp("192.168.7.1", 53),
  udp("9.9.9.9", 53),
  udp("9.9.9.9", 853),
  tcp("9.9.9.9", 443),
  udp("9.9.9.9", 51820, MARKED_PORT),
  udp("198.51.100.7", 51820),
  udp("198.51.100.7", 51821, MARKED_PORT + 1),
  tcp("198.51.100.7", 51820),
  udp("2001:db8::9", 53),
  tcp("2001:db8::9", 443),
  tcp("fd00:7::1", 53),
];
const local = [udp("192.168.7.1", 631), tcp("192.168.7.1", 631), udp("fd00:7::1", 631), udp("192.168.7.255", 137)];

describe.skipIf(missing !== null)("with real packets", { timeout: 60_000 }, () => {
  let net: TwoNamespaces;

  beforeEach(async () => {
    net = await TwoNamespaces.make();
  });
  afterEach(() => net.dispose());

  async function start(rules: string): Promise<void> {
    await net.load("inside", rules);
    await net.load("inside", marking);
    await net.watch();
    await net.connect();
  }

  it("they leave without it: the tests below would see them", async () => {
    await start(withoutKillSwitch);
    await net.send("inside", [...leaks, ...local]);
    const { endpoint, lan, other } = await net.seen();
    expect(Math.min(endpoint, lan, other)).toBeGreaterThan(0);
  });

  it("nothing leaves but the tunnel's own packets, DHCP and neighbour discovery, from before the network is up", async () => {
    await start(killSwitch(state));
    const ends = await net.send("inside", [...leaks, ...local]);
    expect(await net.seen()).toMatchObject({ endpoint: 0, lan: 0, other: 0, dhcp: 0 });
    expect(ends, "what is refused is told at once").not.toContain("silence");
    const allowed = [
      udp("198.51.100.7", 51820, MARKED_PORT),
      udp("255.255.255.255", 67, 68),
      udp("ff02::1:2%eth0", 547, 546),
    ];
    expect(await net.send("inside", allowed)).toEqual(["sent", "sent", "sent"]);
    const { discovery, ...rest } = await net.seen();
    expect(rest).toEqual({ endpoint: 1, dhcp: 2, lan: 0, other: 0 });
    expect(discovery).toBeGreaterThan(0);
  });

  it("the tunnel carries what the network does not get", async () => {
    await start(killSwitch(state));
    expect(await net.send("inside", [tcp("10.64.0.1", 443), udp("10.64.0.1", 53)])).toEqual(["ECONNREFUSED", "sent"]);
    expect(await net.send("inside", [tcp("127.0.0.1", 9)])).toEqual(["ECONNREFUSED"]);
  });

  it("the local network opens when it was chosen, but for lookups; the rest stays closed", async () => {
    await start(killSwitch({ ...state, lan: true }));
    await net.send("inside", leaks);
    expect(await net.seen()).toMatchObject({ endpoint: 0, lan: 0, other: 0 });
    const ends = await net.send("inside", local);
    expect(ends).toEqual(["sent", "ECONNREFUSED", "sent", "sent"]);
    expect((await net.seen()).lan).toBeGreaterThanOrEqual(4);
    await net.load("inside", killSwitch(state));
    await net.watch();
    await net.send("inside", local);
    expect(await net.seen()).toMatchObject({ lan: 0, other: 0 });
  });

  it("other computers' packets are not passed on", async () => {
    await start(killSwitch(state));
    await net.forwardFromTunnel();
    await net.watch();
    await net.send("outside", [udp("203.0.113.5", 9999)]);
    expect(await net.seen()).toMatchObject({ lan: 0, other: 0 });
  });

  it("the network does not reach the address in the tunnel", async () => {
    await start(killSwitch(state));
    await net.routeTunnelAddressByCable();
    await net.send("outside", [udp("10.64.0.2", 9999)]);
    expect(await net.guarded()).toBe(1);
  });

  it("turned off it leaves nothing behind, and loading it twice is the same as once", async () => {
    await start(killSwitch(state) + killSwitch(state));
    await net.load("inside", withoutKillSwitch);
    await net.send("inside", leaks);
    expect((await net.seen()).other).toBeGreaterThan(0);
  });

  it("nobody outside reaches a service of this computer through the filter, and answers come in", async () => {
    const filter = readFileSync(
      new URL("../../build-iso/rootfs/usr/share/silvermetal/filter.nft", import.meta.url),
      "utf8",
    );
    const probe = [tcp("192.168.7.2", 22), tcp("fd00:7::2", 22)];
    await start(withoutKillSwitch);
    expect(await net.send("outside", probe)).toEqual(["ECONNREFUSED", "ECONNREFUSED"]);
    await net.load("inside", filter);
    expect(await net.send("outside", probe)).toEqual(["silence", "silence"]);
    expect(await net.send("inside", [tcp("192.168.7.1", 22), tcp("fd00:7::1", 22)]), "answers come in").toEqual([
      "ECONNREFUSED",
      "ECONNREFUSED",
    ]);
  });
});

describe.skipIf(missing !== null)("with a real WireGuard tunnel", { timeout: 60_000 }, () => {
  it("goes everything through it, and nothing when it is down", async ({ skip }) => {
    const net = await TwoNamespaces.make(false);
    try {
      const how = await wireGuardOf(net.names[1]);
      if (how === null) {
        process.stderr.write("\nThe test with a WireGuard tunnel is left out: this host lacks wg and WireGuard.\n");
        skip();
        return;
      }
      await net.load("inside", killSwitch(state));
      await net.watch();
      await net.connect();
      await connectWireGuard(how, net.names, { endpoint: "198.51.100.7", port: 51820, site: "203.0.113.80" });
      const site = [tcp("203.0.113.80", 443), udp("203.0.113.80", 53)];
      expect(await net.send("inside", site), "the far end answers").toEqual(["ECONNREFUSED", "sent"]);
      const { endpoint, lan, other } = await net.seen();
      expect({ lan, other }).toEqual({ lan: 0, other: 0 });
      expect(endpoint).toBeGreaterThan(2);

      await net.breakTunnel();
      await net.watch();
      expect(await net.send("inside", site)).not.toContain("ECONNREFUSED");
      expect(await net.seen()).toMatchObject({ endpoint: 0, lan: 0, other: 0 });
    } finally {
      await net.dispose();
    }
  });
});
