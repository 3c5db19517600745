import * as z from "zod";

/** A Wi-Fi network in reach. The name comes from the air: show it as text. */
export const WifiNetwork = z.strictObject({
  ssid: z.string(),
  /** 0 to 100. */
  strength: z.int().min(0).max(100),
  security: z.enum(["open", "wpa", "enterprise"]),
  active: z.boolean(),
});
export type WifiNetwork = z.infer<typeof WifiNetwork>;

export const NetworkState = z.strictObject({
  /** NetworkManager runs. */
  available: z.boolean(),
  wired: z.array(z.strictObject({ device: z.string(), carrier: z.boolean(), connected: z.boolean() })),
  wifi: z.strictObject({
    present: z.boolean(),
    /** Switched off by a key or the firmware (rfkill). */
    blocked: z.boolean(),
    networks: z.array(WifiNetwork),
  }),
  /** NetworkManager's CONNECTIVITY; `portal`: a log-in page stands in the way. */
  connectivity: z.enum(["none", "portal", "limited", "full", "unknown"]),
});
export type NetworkState = z.infer<typeof NetworkState>;

export const noNetwork: NetworkState = {
  available: false,
  wired: [],
  wifi: { present: false, blocked: false, networks: [] },
  connectivity: "unknown",
};
