import type { Secret } from "../secret.ts";
import type { Prefix } from "./address.ts";

/** The other end of the tunnel. */
export interface VpnPeer {
  /** Base64, as in the file. */
  readonly publicKey: string;
  readonly presharedKey: Secret | null;
  /** Host name or plain IP address, and UDP port. */
  readonly endpoint: { readonly host: string; readonly port: number };
  /** Networks that are reached through this peer. */
  readonly allowed: readonly Prefix[];
  /** Seconds between packets that keep a router's mapping alive; 0: none. */
  readonly keepalive: number;
}

/** A wg-quick configuration that was checked in full. */
export interface VpnConfig {
  readonly privateKey: Secret;
  /** This computer's addresses in the tunnel. */
  readonly addresses: readonly Prefix[];
  /** Name servers in the tunnel, plain IP addresses. */
  readonly dns: readonly string[];
  /** Bytes; null: found out. */
  readonly mtu: number | null;
  /** UDP; null: any. */
  readonly listenPort: number | null;
  readonly peers: readonly VpnPeer[];
}

/** IP versions that go through the tunnel; the other one is blocked. */
export function carriedFamilies(
  addresses: readonly Prefix[],
  peers: readonly Pick<VpnPeer, "allowed">[],
): readonly (4 | 6)[] {
  return ([4, 6] as const).filter(
    (family) =>
      addresses.some((address) => address.family === family) &&
      peers.some(({ allowed }) => allowed.some((prefix) => prefix.family === family)),
  );
}
