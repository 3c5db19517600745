import { Secret } from "../../app/secret.ts";
import type { NetworkState, WifiNetwork } from "../../app/wizard/network.ts";
import { FOREVER_MS, type Exec } from "../exec.ts";

/** Seconds that NetworkManager may take for a connection, its own default for wireless ones (nmcli(1) `--wait`). */
const CONNECT_SECONDS = 45;
/** Exit codes of nmcli(1) that are answers. */
const code = { activationFailed: 4, notRunning: 8, notFound: 10 } as const;

/** One line of `nmcli --terse`: fields between colons, with `\:` and `\\` inside them. */
export function terseFields(line: string): string[] {
  return line.split(/(?<!(?<!\\)(?:\\\\)*\\):/).map((field) => field.replace(/\\(.)/g, "$1"));
}

async function terse(exec: Exec, fields: string, args: readonly string[]): Promise<string[][]> {
  const { stdout } = await exec("nmcli", ["--terse", "--fields", fields, ...args], { timeoutMs: 30_000 });
  return stdout.split("\n").flatMap((line) => (line === "" ? [] : [terseFields(line)]));
}

/** Whether NetworkManager answers. */
export async function isRunning(exec: Exec): Promise<boolean> {
  const ask = exec("nmcli", ["--terse", "--fields", "RUNNING", "general"], { okCodes: [0, code.notRunning] });
  return ask.then(
    ({ stdout }) => stdout.trim() === "running",
    () => false,
  );
}

export interface Devices {
  readonly wired: NetworkState["wired"];
  /** Interface name of the Wi-Fi adapter; null where there is none. */
  readonly wifi: string | null;
}

/** Network adapters by kind. */
export async function devices(exec: Exec): Promise<Devices> {
  const rows = await terse(exec, "DEVICE,TYPE,STATE", ["device", "status"]);
  const wired = rows
    .filter(([, type]) => type === "ethernet")
    .map(([device = "", , state = ""]) => ({
      device,
      carrier: !["unavailable", "unmanaged"].includes(state),
      connected: state.startsWith("connected"),
    }));
  return { wired, wifi: rows.find(([, type]) => type === "wifi")?.[0] ?? null };
}

/** Whether the radio is off by a switch on the computer or by software. */
export async function wifiBlocked(exec: Exec): Promise<boolean> {
  const [[hardware, software] = []] = await terse(exec, "WIFI-HW,WIFI", ["radio"]);
  return hardware !== "enabled" || software !== "enabled";
}

function securityOf(text: string): WifiNetwork["security"] {
  if (text === "" || text === "--") return "open";
  return text.includes("802.1X") ? "enterprise" : "wpa";
}

/** Networks in reach as of the last scan: each name once, with its strongest access point; hidden ones have no name and are left out. */
export async function wifiList(exec: Exec): Promise<WifiNetwork[]> {
  const rows = await terse(exec, "ACTIVE,SSID,SIGNAL,SECURITY", ["device", "wifi", "list", "--rescan", "no"]);
  const best = new Map<string, WifiNetwork>();
  for (const [active, ssid = "", signal, security = ""] of rows) {
    if (ssid === "") continue;
    const strength = Math.max(0, Math.min(100, Math.round(Number(signal)) || 0));
    const seen = best.get(ssid);
    const isActive = active === "yes" || (seen?.active ?? false);
    const stronger = !seen || strength > seen.strength;
    best.set(ssid, {
      ssid,
      strength: stronger ? strength : seen.strength,
      security: stronger ? securityOf(security) : seen.security,
      active: isActive,
    });
  }
  return [...best.values()].sort((a, b) => Number(b.active) - Number(a.active) || b.strength - a.strength);
}

const CONNECTIVITY = ["none", "portal", "limited", "full"] as const;

/** NetworkManager's view of the way to the internet; it asks nobody when its check is off. */
export async function connectivity(exec: Exec): Promise<NetworkState["connectivity"]> {
  const { stdout } = await exec("nmcli", ["networking", "connectivity"]);
  return CONNECTIVITY.find((known) => known === stdout.trim()) ?? "unknown";
}

/** Asks the adapter to look around. A scan that is refused because one just ran is none to report. */
export async function rescan(exec: Exec): Promise<void> {
  await exec("nmcli", ["device", "wifi", "rescan"], { okCodes: [0, 1, 2] });
}

export interface WifiProfile {
  readonly uuid: string;
  readonly ssid: string;
  readonly hidden: boolean;
  readonly device: string;
  readonly secured: boolean;
}

/** Makes a profile in memory (`save no`); the password is not part of it (psk-flags 2 of nm-settings(5): never stored). */
export async function addWifi(exec: Exec, profile: WifiProfile): Promise<void> {
  const { uuid, ssid, device } = profile;
  const wifi = ["connection.uuid", uuid, "ssid", ssid, "802-11-wireless.hidden", profile.hidden ? "yes" : "no"];
  const key = profile.secured
    ? ["802-11-wireless-security.key-mgmt", "wpa-psk", "802-11-wireless-security.psk-flags", "2"]
    : [];
  const base = ["connection", "add", "save", "no", "type", "wifi", "con-name", uuid, "ifname", device];
  await exec("nmcli", [...base, ...wifi, ...key]);
}

export type Activation = "connected" | "wrong-password" | "not-found" | "failed";

/** Connects. The password goes in a memory file (`passwd-file` of nmcli(1)). */
export async function activate(exec: Exec, uuid: string, password: Secret | null): Promise<Activation> {
  const given =
    password === null
      ? null
      : new Secret(Buffer.concat([Buffer.from("802-11-wireless-security.psk:"), password.bytes()]));
  const file = given === null ? [] : ["passwd-file", "/dev/fd/3"];
  const args = ["--wait", String(CONNECT_SECONDS), "connection", "up", "uuid", uuid, ...file];
  try {
    const result = await exec("nmcli", args, {
      ...(given === null ? {} : { inputs: [given] }),
      okCodes: [0, 1, 2, 3, code.activationFailed, code.notFound],
    });
    if (result.code === 0) return "connected";
    if (/secrets were required|no secrets|supplicant/i.test(result.stderr)) return "wrong-password";
    return /not be found|not found/i.test(result.stderr) ? "not-found" : "failed";
  } finally {
    given?.destroy();
  }
}

/** Removes a profile, and with it the connection. */
export async function removeConnection(exec: Exec, uuid: string): Promise<void> {
  await exec("nmcli", ["connection", "delete", "uuid", uuid], { okCodes: [0, code.notFound] });
}

/** Makes NetworkManager read a connection's file anew, now or when it starts. What is up stays as it is. */
export async function loadConnection(exec: Exec, file: string): Promise<void> {
  await exec("nmcli", ["connection", "load", file], { okCodes: [0, code.notRunning] });
}

/** Brings a connection up with what its file says now. @returns whether it is up */
export async function bringUp(exec: Exec, uuid: string): Promise<boolean> {
  const { code: end } = await exec("nmcli", ["--wait", String(CONNECT_SECONDS), "connection", "up", "uuid", uuid], {
    okCodes: [0, 3, code.activationFailed, code.notRunning, code.notFound],
  });
  return end === 0;
}

/** Takes a connection down; one that is not up stays so. */
export async function takeDown(exec: Exec, uuid: string): Promise<void> {
  await exec("nmcli", ["connection", "down", "uuid", uuid], { okCodes: [0, code.notRunning, code.notFound] });
}

/** Whether a connection is up. */
export async function isUp(exec: Exec, uuid: string): Promise<boolean> {
  const args = ["--terse", "--fields", "UUID,STATE", "connection", "show", "--active"];
  const { stdout } = await exec("nmcli", args, { okCodes: [0, code.notRunning] });
  return stdout.split("\n").some((line) => line === `${uuid}:activated`);
}

/** Calls back at every change that NetworkManager sees, until the signal comes. */
export async function monitor(exec: Exec, changed: () => void, signal: AbortSignal): Promise<void> {
  await exec("nmcli", ["monitor"], { onLine: changed, signal, timeoutMs: FOREVER_MS });
}
