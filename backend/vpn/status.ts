import type { VpnStatus, VpnTrouble } from "../../app/vpn/state.ts";
import { readNumber } from "../sys.ts";
import { hasTable } from "../tools/nft.ts";
import { isUp } from "../tools/nmcli.ts";
import { CONNECTION_UUID, TUNNEL } from "./keyfile.ts";
import { KILL_SWITCH } from "./kill-switch.ts";
import { isOn, readState, type VpnDeps } from "./store.ts";

type Found = Pick<VpnStatus, "killSwitch" | "connected" | "received"> & { readonly on: boolean };

function troubleOf({ on, killSwitch, connected, received }: Found): VpnTrouble | null {
  if (!on) return "off";
  if (!killSwitch) return "kill-switch-missing";
  if (!connected) return "disconnected";
  return received === 0 ? "no-answer" : null;
}

/** Looks at the kernel and NetworkManager, not at what was once asked of them. Sends nothing. */
export async function vpnStatus(deps: Omit<VpnDeps, "lookup">): Promise<VpnStatus> {
  const { exec, sys } = deps;
  const state = await readState(deps);
  const found: Found = {
    on: await isOn(deps),
    killSwitch: await hasTable(exec, KILL_SWITCH),
    connected: await isUp(exec, CONNECTION_UUID),
    // An interface is made anew with each connection. WireGuard counts what was authentic, handshakes included.
    received: (await readNumber(sys, `/sys/class/net/${TUNNEL}/statistics/rx_bytes`)) ?? 0,
  };
  const { killSwitch, connected, received } = found;
  const trouble = state === null ? "not-set-up" : troubleOf(found);
  return {
    apiVersion: "silvermetal/vpn-status/v1",
    working: trouble === null,
    ...{ trouble, killSwitch, connected, received },
    lan: state?.lan ?? false,
    blocked:
      state === null
        ? []
        : ([4, 6] as const).filter((ip) => !state.carried.includes(ip)).map((ip) => `IPv${ip}` as const),
  };
}
