import { describe, expect, it } from "vitest";
import { Secret } from "../../app/secret.ts";
import { fakeExec } from "../testing/fake-exec.ts";
import { activate, addWifi, connectivity, devices, terseFields, wifiBlocked, wifiList } from "./nmcli.ts";

const answer = (stdout: string, over: { code?: number; stderr?: string } = {}) =>
  fakeExec([{ program: "nmcli", stdout, ...over }]);

describe("terseFields", () => {
  it.each([
    ["yes:Home:80:WPA2", ["yes", "Home", "80", "WPA2"]],
    ["no:a\\:b\\\\:7:", ["no", "a:b\\", "7", ""]],
    ["no:\\\\\\:x:7", ["no", "\\:x", "7"]],
    ["", [""]],
    ["::", ["", "", ""]],
  ])("%s", (line, fields) => {
    expect(terseFields(line)).toEqual(fields);
  });
});

describe("nmcli", () => {
  it("tells wired adapters and the Wi-Fi adapter apart", async () => {
    const exec = answer(
      "enp3s0:ethernet:connected\nenp4s0:ethernet:unavailable\nwlp2s0:wifi:disconnected\nlo:loopback:connected (externally)\n",
    );
    expect(await devices(exec)).toEqual({
      wired: [
        { device: "enp3s0", carrier: true, connected: true },
        { device: "enp4s0", carrier: false, connected: false },
      ],
      wifi: "wlp2s0",
    });
  });

  it("lists each network once, the active first, then by strength", async () => {
    const exec = answer(
      [
        "no:Café:30:WPA2",
        "no:Café:72:WPA2 WPA3",
        "yes:Office:40:WPA2 802.1X",
        "no::90:WPA2",
        "no:Open\\:net:50:",
        "",
      ].join("\n"),
    );
    expect(await wifiList(exec)).toEqual([
      { ssid: "Office", strength: 40, security: "enterprise", active: true },
      { ssid: "Café", strength: 72, security: "wpa", active: false },
      { ssid: "Open:net", strength: 50, security: "open", active: false },
    ]);
  });

  it.each([
    ["enabled:enabled\n", false],
    ["disabled:enabled\n", true],
    ["enabled:disabled\n", true],
  ])("radio %s is blocked: %s", async (stdout, blocked) => {
    expect(await wifiBlocked(answer(stdout))).toBe(blocked);
  });

  it("knows the ways to the internet", async () => {
    expect(await connectivity(answer("portal\n"))).toBe("portal");
    expect(await connectivity(answer("strange\n"))).toBe("unknown");
  });

  it("makes a profile that holds no password", async () => {
    const exec = answer("");
    await addWifi(exec, { uuid: "u", ssid: "--x", hidden: true, device: "wlp2s0", secured: true });
    const args = exec.calls[0]?.args.join(" ") ?? "";
    expect(args).toContain("save no");
    expect(args).toContain("802-11-wireless-security.psk-flags 2");
    expect(args).toContain("802-11-wireless.hidden yes");
  });

  it.each([
    [0, "", "connected"],
    [4, "Error: Connection activation failed: Secrets were required, but not provided.", "wrong-password"],
    [4, "Error: Connection activation failed: The Wi-Fi network could not be found", "not-found"],
    [3, "Error: Timeout expired (45 seconds)", "failed"],
  ])("exit code %s (%s) means %s", async (code, stderr, result) => {
    expect(await activate(answer("", { code, stderr }), "u", new Secret("hunter22"))).toBe(result);
  });

  it("hands the password over in memory, not as an argument", async () => {
    const exec = answer("");
    await activate(exec, "u", new Secret("hunter22"));
    expect(JSON.stringify(exec.calls)).not.toContain("hunter22");
    expect(exec.calls[0]?.args).toContain("/dev/fd/3");
    expect(exec.calls[0]?.options.inputs).toHaveLength(1);
  });
});
