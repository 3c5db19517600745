import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { InstallError } from "../../app/errors.ts";
import { englishVpnTrouble, VpnStatus, type VpnTrouble } from "../../app/vpn/state.ts";
import { sampleConf, sampleKeys } from "../../app/vpn/testing/sample.ts";
import { createSys } from "../sys.ts";
import { type FakeRule, fakeExec } from "../testing/fake-exec.ts";
import { CONNECTION_UUID } from "../vpn/keyfile.ts";
import { type SetupDeps, setupMain } from "./setup-command.ts";

const ACTIVE = `${CONNECTION_UUID}:activated\n`;
const well: readonly FakeRule[] = [
  { program: "nmcli", args: /--active/, stdout: ACTIVE },
  { program: "nmcli" },
  { program: "nft" },
];

/** An installed system in a temporary folder; programs answer by rules. */
class Machine {
  readonly #root = mkdtempSync(join(tmpdir(), "silver-vpn-"));
  readonly places = {
    state: this.#path("etc/silvermetal/vpn.json"),
    rules: this.#path("etc/silvermetal/vpn.nft"),
    connection: this.#path("etc/NetworkManager/system-connections/silver-vpn.nmconnection"),
    connections: [this.#path("etc/NetworkManager/system-connections")],
  };

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(files)) this.put(name, text);
  }

  put(name: string, text: string): void {
    mkdirSync(dirname(this.#path(name)), { recursive: true });
    writeFileSync(this.#path(name), text);
  }

  read(name: "state" | "rules" | "connection"): string | null {
    try {
      return readFileSync(this.places[name], "utf8");
    } catch {
      return null;
    }
  }

  async run(
    line: string,
    { rules = well, ...over }: Partial<SetupDeps> & { readonly rules?: readonly FakeRule[] } = {},
  ) {
    const out = { text: "", complaints: "" };
    const exec = fakeExec(rules);
    const real = createSys();
    const inside = createSys(this.#root);
    const at = (path: string) => (path.startsWith(this.#root) ? real : inside);
    const code = await setupMain(line.split(" ").filter(Boolean), {
      exec,
      sys: {
        read: (path) => at(path).read(path),
        list: (path) => at(path).list(path),
        link: (path) => at(path).link(path),
      },
      places: this.places,
      lookup: () => Promise.resolve(["2001:db8::9", "203.0.113.9"]),
      isRoot: true,
      readInput: () => Buffer.from(sampleConf),
      confirm: () => Promise.resolve(null),
      write: (text) => (out.text += text),
      complain: (text) => (out.complaints += text),
      ...over,
    });
    const calls = exec.calls.map(({ program, args, options }) => ({
      line: [program, ...args].join(" "),
      stdin: String(options.stdin ?? ""),
    }));
    return { code, ...out, calls };
  }

  #path(name: string): string {
    return join(this.#root, name);
  }
}

const received = { "sys/class/net/silver-vpn/statistics/rx_bytes": "92\n" };
const input = (text: string) => ({ readInput: () => Buffer.from(text) });

describe("import", () => {
  it("closes everything first, then connects, with the key in the one file that NetworkManager reads", async () => {
    const machine = new Machine();
    const { code, text, calls } = await machine.run("vpn import office.conf");
    expect([code, text]).toEqual([0, expect.stringContaining("nothing leaves this computer but the tunnel")]);
    expect(calls.map(({ line }) => line)).toEqual([
      "nft -f -",
      `nmcli connection load ${machine.places.connection}`,
      `nmcli --wait 45 connection up uuid ${CONNECTION_UUID}`,
    ]);
    expect(calls[0]?.stdin).toBe(machine.read("rules"));
    expect(machine.read("rules")).toContain("ip daddr 198.51.100.7 udp dport 51820 counter accept");
    expect(machine.read("connection")).toContain(`private-key=${sampleKeys.private}\n`);
    expect(statSync(machine.places.connection).mode & 0o777).toBe(0o600);
    const elsewhere = [machine.read("state"), machine.read("rules"), text, JSON.stringify(calls)].join();
    expect(elsewhere).not.toContain(sampleKeys.private);
  });

  it("writes what NetworkManager needs for a tunnel of everything", async () => {
    const machine = new Machine();
    const extra = `PresharedKey = ${sampleKeys.shared}\nPersistentKeepalive = 25\n`;
    await machine.run("vpn import -", input(`${sampleConf}${extra}`.replace("[Peer]", "MTU = 1380\n[Peer]")));
    expect(machine.read("connection")?.split("\n")).toEqual(
      [
        ["[connection]", "id=SilverVPN", `uuid=${CONNECTION_UUID}`, "type=wireguard", "interface-name=silver-vpn"],
        ["autoconnect=true", ""],
        [
          "[wireguard]",
          "fwmark=1398165582",
          "mtu=1380",
          `private-key=${sampleKeys.private}`,
          "private-key-flags=0",
          "",
        ],
        [`[wireguard-peer.${sampleKeys.peer}]`, "endpoint=198.51.100.7:51820", "allowed-ips=0.0.0.0/0;::/0;"],
        ["persistent-keepalive=25", `preshared-key=${sampleKeys.shared}`, "preshared-key-flags=0", ""],
        ["[ipv4]", "address1=10.64.0.2/32", "dns=10.64.0.1;", "dns-priority=-100", "dns-search=~.;", "method=manual"],
        ["never-default=false", ""],
        ["[ipv6]", "address1=fd00:64::2/128", "dns-priority=-100", "dns-search=~.;", "method=manual"],
        ["never-default=false", ""],
      ].flat(),
    );
  });

  it("IPv6 that the tunnel does not carry is off in it, and the user is told", async () => {
    const machine = new Machine();
    const { text } = await machine.run("vpn import -", input(sampleConf.replace(", fd00:64::2/128", "")));
    expect(text).toContain("does not carry IPv6: it is blocked");
    expect(machine.read("connection")).toContain("[ipv6]\nmethod=disabled\n");
  });

  it("looks a name up before it closes, and takes IPv4", async () => {
    const machine = new Machine();
    await machine.run("vpn import -", input(sampleConf.replace("198.51.100.7", "vpn.example")));
    expect(machine.read("connection")).toContain("endpoint=203.0.113.9:51820\n");
    expect(machine.read("rules")).toContain("ip daddr 203.0.113.9 udp dport 51820");
  });

  it.each([
    ["a command in it", `PostUp = id\n${sampleConf}`, "", "x.conf:1:1"],
    ["a key in use", sampleConf, sampleKeys.private, "another connection of this computer"],
  ])("refuses %s and changes nothing", async (_name, text, used, words) => {
    const other = `[wireguard]\nprivate-key=${used}\n`;
    const machine = new Machine({ "etc/NetworkManager/system-connections/work.nmconnection": other });
    const { code, complaints, calls } = await machine.run("vpn import x.conf", input(text));
    expect([code, complaints]).toEqual([4, expect.stringContaining(words)]);
    expect(complaints).not.toContain(sampleKeys.private);
    expect([calls, machine.read("state"), machine.read("rules")]).toEqual([[], null, null]);
  });

  it("of the configuration that is in use is a change of it, not a key in use", async () => {
    const machine = new Machine();
    await machine.run("vpn import -");
    expect((await machine.run("vpn import -")).code).toBe(0);
  });

  it("refuses a file that can not be read, and a name that nobody knows", async () => {
    const fail = (): never => {
      throw new Error("ENOENT");
    };
    expect((await new Machine().run("vpn import x", { readInput: fail })).complaints).toContain("[unreadable]");
    const named = input(sampleConf.replace("198.51.100.7", "vpn.example"));
    const machine = new Machine();
    const { code, complaints } = await machine.run("vpn import -", {
      ...named,
      lookup: () => Promise.reject(new Error()),
    });
    expect([code, complaints]).toEqual([4, expect.stringContaining("[name-not-found]")]);
    expect(machine.read("rules")).toBeNull();
  });

  it("rules that the kernel refuses never reach the file of the next start", async () => {
    const machine = new Machine();
    const error = new InstallError("tool-failed", "nft failed", { program: "nft", stderr: "no such thing" });
    const { code, complaints } = await machine.run("vpn import -", { rules: [{ program: "nft", error }] });
    expect([code, complaints]).toEqual([1, expect.stringContaining("no such thing")]);
    expect(machine.read("rules")).toBeNull();
  });

  it("says so when it does not come up; it stays closed", async () => {
    const machine = new Machine();
    const rules = [{ program: "nmcli", args: / up /, code: 4 }, ...well];
    const { code, text } = await machine.run("vpn import -", { rules });
    expect([code, text]).toEqual([3, expect.stringContaining("not connected yet")]);
    expect(machine.read("rules")).not.toBeNull();
  });
});

describe("off and on", () => {
  it("off asks once, says what becomes visible, and opens last", async () => {
    const machine = new Machine();
    await machine.run("vpn import -");
    const asked: string[] = [];
    const confirm = (answer: boolean) => (question: string) => {
      asked.push(question);
      return Promise.resolve(answer);
    };
    const kept = await machine.run("vpn off", { confirm: confirm(false) });
    expect([kept.code, kept.calls, machine.read("rules")]).toEqual([4, [], expect.any(String)]);
    const { code, text, calls } = await machine.run("vpn off", { confirm: confirm(true) });
    expect([code, asked.length]).toEqual([0, 2]);
    expect(text).toContain("see the address of your connection");
    expect(calls.map(({ line }) => line)).toEqual([
      `nmcli connection down uuid ${CONNECTION_UUID}`,
      `nmcli connection load ${machine.places.connection}`,
      "nft -f -",
    ]);
    expect(calls.at(-1)?.stdin).toBe("table inet silver_vpn\ndelete table inet silver_vpn\n");
    expect(machine.read("rules")).toBeNull();
    expect(machine.read("connection")).toContain("autoconnect=false\n");
  });

  it("off works where NetworkManager does not run, as after rules that could not be loaded", async () => {
    const machine = new Machine();
    await machine.run("vpn import -");
    const { code } = await machine.run("vpn off --yes", { rules: [{ program: "nmcli", code: 8 }, ...well] });
    expect([code, machine.read("rules")]).toEqual([0, null]);
  });

  it("off needs a terminal or --yes", async () => {
    const machine = new Machine();
    await machine.run("vpn import -");
    expect((await machine.run("vpn off")).complaints).toContain("--yes");
    expect((await machine.run("vpn off --yes")).code).toBe(0);
  });

  it("on looks the name up again, keeps the last address where that fails, and connects at every start", async () => {
    const machine = new Machine();
    await machine.run("vpn import -", input(sampleConf.replace("198.51.100.7", "vpn.example")));
    await machine.run("vpn off --yes");
    expect((await machine.run("vpn on", { lookup: () => Promise.reject(new Error("no answer")) })).code).toBe(0);
    expect(machine.read("connection")).toContain("endpoint=203.0.113.9:51820\n");
    expect(machine.read("connection")).toContain("autoconnect=true\n");
    await machine.run("vpn on", { lookup: () => Promise.resolve(["2001:db8::5"]) });
    expect(machine.read("connection")).toContain("endpoint=[2001:db8::5]:51820\n");
    expect(machine.read("rules")).toContain("ip6 daddr 2001:db8::5 udp dport 51820");
  });

  it("lan changes the rules while it is on, and is kept", async () => {
    const machine = new Machine();
    await machine.run("vpn import -");
    const { code, calls } = await machine.run("vpn lan allow");
    expect([code, calls.map(({ line }) => line)]).toEqual([0, ["nft -f -"]]);
    expect(machine.read("rules")).toContain("192.168.0.0/16");
    await machine.run("vpn off --yes");
    expect((await machine.run("vpn lan deny")).calls).toEqual([]);
    await machine.run("vpn on");
    expect(machine.read("rules")).not.toContain("192.168.0.0/16");
  });

  it.each(["vpn on", "vpn off --yes", "vpn lan allow"])("%s needs a VPN", async (line) => {
    const { code, complaints } = await new Machine().run(line);
    expect([code, complaints]).toEqual([4, expect.stringContaining("[not-set-up]")]);
  });
});

describe("status", () => {
  const absent: FakeRule = { program: "nft", args: /^list/, code: 1 };
  const down: FakeRule = { program: "nmcli", args: /--active/, stdout: "" };

  it.each<[VpnTrouble | null, readonly string[], readonly FakeRule[], Readonly<Record<string, string>>]>([
    ["not-set-up", [], [absent, down], {}],
    ["off", ["vpn import -", "vpn off --yes"], [absent, down], {}],
    ["kill-switch-missing", ["vpn import -"], [absent], received],
    ["disconnected", ["vpn import -"], [down], {}],
    ["no-answer", ["vpn import -"], [], {}],
    [null, ["vpn import -"], [], received],
  ])("tells %s", async (trouble, before, rules, files) => {
    const machine = new Machine(files);
    for (const line of before) await machine.run(line);
    const json = await machine.run("vpn status --json", { rules: [...rules, ...well] });
    const found = VpnStatus.parse(JSON.parse(json.text));
    expect(found).toMatchObject({ trouble, working: trouble === null });
    const words = await machine.run("vpn status", { rules: [...rules, ...well] });
    expect(words.text).toContain(trouble === null ? "The VPN works" : englishVpnTrouble[trouble].whatToDo);
    expect([json.code, words.code]).toEqual(trouble === null ? [0, 0] : [3, 3]);
  });
});

describe("the command line", () => {
  it.each([
    "",
    "vpn",
    "vpn import",
    "vpn import a b",
    "vpn lan",
    "vpn lan maybe",
    "vpn on --json",
    "vpn on --yes",
    "vpn up",
  ])("%j is wrong usage", async (line) => {
    const { code, complaints, calls } = await new Machine().run(line);
    expect([code, calls, complaints]).toEqual([2, [], expect.stringContaining("Usage:")]);
  });

  it("help tells all commands and needs no rights", async () => {
    const { code, text } = await new Machine().run("--help", { isRoot: false });
    expect(code).toBe(0);
    for (const words of ["vpn import", "vpn on", "vpn off", "vpn lan allow|deny", "vpn status"])
      expect(text).toContain(words);
  });

  it("refuses users without rights, and the live session", async () => {
    expect((await new Machine().run("vpn status", { isRoot: false })).code).toBe(4);
    const live = new Machine({ "proc/cmdline": "silver.live quiet\n" });
    expect((await live.run("vpn import -")).complaints).toContain("[live-session]");
  });
});
