import { randomBytes } from "node:crypto";
import { Secret } from "../../../app/secret.ts";
import { exec } from "../../exec.ts";
import { TUNNEL, TUNNEL_MARK } from "../keyfile.ts";
import { publicKeyOf } from "../keys.ts";
import { WIREGUARD_PEER, works } from "./namespaces.ts";

const MARK = String(TUNNEL_MARK);

/** How this host makes WireGuard interfaces. */
export type WireGuard = "kernel" | "wireguard-go";

/** Null where this host has no WireGuard to try with. */
export async function wireGuardOf(namespace: string): Promise<WireGuard | null> {
  if (!(await works("wg", ["--version"]))) return null;
  if (await works("ip", ["-n", namespace, "link", "add", "wg-probe", "type", "wireguard"])) return "kernel";
  return (await works("wireguard-go", ["--version"])) ? "wireguard-go" : null;
}

interface End {
  readonly namespace: string;
  readonly device: string;
  readonly key: Secret;
  readonly settings: readonly string[];
  readonly address: string;
}

/**
 * wireguard-go's sockets of all namespaces lie in one folder: it gets one of its own, in the mount namespace that `ip netns
 * exec` makes. It goes to the background by itself and ends with its interface.
 */
const IN_USER_SPACE = `mkdir -p /run/wireguard; mount -t tmpfs none /run/wireguard
wireguard-go "$1" >/dev/null 2>&1 3<&-; exec wg set "$@"`;

async function raise(how: WireGuard, { namespace, device, key, settings, address }: End): Promise<void> {
  if (how === "kernel") await exec("ip", ["-n", namespace, "link", "add", device, "type", "wireguard"]);
  const set = how === "kernel" ? ["wg", "set"] : ["sh", "-ec", IN_USER_SPACE, "sh"];
  const args = ["netns", "exec", namespace, ...set, device, "private-key", "/dev/fd/3", ...settings];
  await exec("ip", args, { inputs: [key] });
  await exec("ip", ["-n", namespace, "address", "add", address, "dev", device]);
  await exec("ip", ["-n", namespace, "link", "set", device, "mtu", "1420", "up"]);
}

/**
 * A real tunnel between two namespaces that a cable connects. `site` is an address that only the far end has. On the near
 * end the routes are those that NetworkManager and wg-quick make: everything into the tunnel but what has its mark.
 */
export async function connectWireGuard(
  how: WireGuard,
  [near, far]: readonly [string, string],
  { endpoint, port, site }: { readonly endpoint: string; readonly port: number; readonly site: string },
): Promise<void> {
  const [ownKey, farKey] = [0, 1].map(() => new Secret(randomBytes(32).toString("base64"))) as [Secret, Secret];
  for (const address of [endpoint, site]) await exec("ip", ["-n", far, "address", "add", address, "dev", "lo"]);
  await raise(how, {
    ...{ namespace: far, device: WIREGUARD_PEER, key: farKey, address: "10.64.1.1/24" },
    settings: ["listen-port", String(port), "peer", publicKeyOf(ownKey), "allowed-ips", "10.64.1.2/32"],
  });
  const gate = ["endpoint", `${endpoint}:${String(port)}`, "allowed-ips", "0.0.0.0/0"];
  await raise(how, {
    ...{ namespace: near, device: TUNNEL, key: ownKey, address: "10.64.1.2/32" },
    settings: ["fwmark", MARK, "peer", publicKeyOf(farKey), ...gate],
  });
  for (const line of [
    `route add default dev ${TUNNEL} table ${MARK}`,
    `rule add not fwmark ${MARK} table ${MARK}`,
    "rule add table main suppress_prefixlength 0",
  ]) {
    await exec("ip", ["-n", near, ...line.split(" ")]);
  }
}
