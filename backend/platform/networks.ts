import { randomUUID } from "node:crypto";
import { noNetwork, type NetworkState } from "../../app/wizard/network.ts";
import type { Exec } from "../exec.ts";
import * as nmcli from "../tools/nmcli.ts";
import type { Networks } from "./platform.ts";
import { watch } from "./watch.ts";

async function wifiState(exec: Exec, device: string | null): Promise<NetworkState["wifi"]> {
  if (device === null) return noNetwork.wifi;
  const blocked = await nmcli.wifiBlocked(exec);
  return { present: true, blocked, networks: blocked ? [] : await nmcli.wifiList(exec) };
}

async function state(exec: Exec): Promise<NetworkState> {
  if (!(await nmcli.isRunning(exec))) return noNetwork;
  const { wired, wifi } = await nmcli.devices(exec);
  return {
    available: true,
    wired,
    wifi: await wifiState(exec, wifi),
    connectivity: await nmcli.connectivity(exec),
  };
}

/** This computer's networks by NetworkManager. Profiles live in memory and are gone with the live session. */
export function createNetworks(exec: Exec): Networks {
  let uuid: string | null = null;
  const disconnect = async (): Promise<void> => {
    if (uuid !== null) await nmcli.removeConnection(exec, uuid);
    uuid = null;
  };
  return {
    state: () => state(exec),
    watch: (changed) => watch((signal) => nmcli.monitor(exec, changed, signal)),
    scan: () => nmcli.rescan(exec),
    disconnect,
    connect: async ({ ssid, hidden, password }) => {
      const { wifi } = await nmcli.devices(exec);
      if (wifi === null) return "not-found";
      await disconnect();
      uuid = randomUUID();
      await nmcli.addWifi(exec, { uuid, ssid, hidden, device: wifi, secured: password !== null });
      const result = await nmcli.activate(exec, uuid, password);
      if (result !== "connected") await disconnect();
      return result;
    },
  };
}
