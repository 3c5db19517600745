import * as z from "zod";
import { parseAddress } from "./address.ts";

const IpAddress = z.string().refine((text) => parseAddress(text) !== null);

/** The other end of the tunnel, as it was found when the VPN was last turned on. */
export const VpnGate = z.strictObject({
  publicKey: z.string(),
  /** As in the configuration; a name is looked up again whenever the VPN is turned on. */
  host: z.string(),
  address: IpAddress,
  /** UDP. */
  port: z.int().min(1).max(65_535),
});
export type VpnGate = z.infer<typeof VpnGate>;

/** What is kept of a VPN beside its connection in NetworkManager; without secrets. */
export const VpnState = z.strictObject({
  apiVersion: z.literal("silvermetal/vpn/v1"),
  /** Whether the local network may be reached beside the tunnel. */
  lan: z.boolean(),
  /** This computer's addresses in the tunnel. */
  addresses: z.array(IpAddress),
  /** IP versions that go through the tunnel; the other one is blocked. */
  carried: z.array(z.union([z.literal(4), z.literal(6)])),
  gates: z.array(VpnGate),
});
export type VpnState = z.infer<typeof VpnState>;

/** What keeps the VPN from protecting. The order is that in which they have to be solved. */
export const VpnTrouble = z.enum(["not-set-up", "off", "kill-switch-missing", "disconnected", "no-answer"]);
export type VpnTrouble = z.infer<typeof VpnTrouble>;

/** What `silver-setup vpn status --json` prints. */
export const VpnStatus = z.strictObject({
  apiVersion: z.literal("silvermetal/vpn-status/v1"),
  /** Everything goes through a tunnel that answers. */
  working: z.boolean(),
  trouble: VpnTrouble.nullable(),
  /** Whether the kernel has the kill switch now: then nothing goes around the tunnel, connected or not. */
  killSwitch: z.boolean(),
  connected: z.boolean(),
  /** Bytes that came through the tunnel since it was made. */
  received: z.int().nonnegative(),
  lan: z.boolean(),
  blocked: z.array(z.enum(["IPv4", "IPv6"])),
});
export type VpnStatus = z.infer<typeof VpnStatus>;

/** The English texts of what `silver-setup vpn status` can find: what is so, and what to do about it. */
export const englishVpnTrouble: Readonly<Record<VpnTrouble, { readonly problem: string; readonly whatToDo: string }>> =
  {
    "not-set-up": {
      problem: "No VPN is set up: everything goes out as it is.",
      whatToDo: "Run “silver-setup vpn import” with the configuration of your provider.",
    },
    off: { problem: "The VPN is off: everything goes out as it is.", whatToDo: "Run “silver-setup vpn on”." },
    "kill-switch-missing": {
      problem: "The VPN is on, but the kill switch is not in the kernel: somebody has removed it.",
      whatToDo: "Run “silver-setup vpn on”, then find out who has removed it.",
    },
    disconnected: {
      problem: "The VPN is on and its connection is down: nothing goes out.",
      whatToDo: "Run “silver-setup vpn on”.",
    },
    "no-answer": {
      problem: "The VPN is on, but the other end has not answered yet: nothing goes out.",
      whatToDo:
        "Wait some seconds. If it stays so, check the network; the provider may have moved or ended the service: “silver-setup vpn off”, then “on”, looks for it anew.",
    },
  };
