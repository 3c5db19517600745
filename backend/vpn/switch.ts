import { addressText, parseAddress } from "../../app/vpn/address.ts";
import { carriedFamilies } from "../../app/vpn/config.ts";
import { parseVpnConfig } from "../../app/vpn/parse.ts";
import type { VpnGate, VpnState } from "../../app/vpn/state.ts";
import { loadRules } from "../tools/nft.ts";
import { bringUp, loadConnection, takeDown } from "../tools/nmcli.ts";
import { changedKeyfile, CONNECTION_UUID, hasPrivateKey, keyfile } from "./keyfile.ts";
import { publicKeyOf } from "./keys.ts";
import { killSwitch, withoutKillSwitch } from "./kill-switch.ts";
import { forget, isOn, keep, otherConnections, readAll, readState, type VpnDeps } from "./store.ts";
import { VpnError } from "./vpn-error.ts";

/**
 * Finds the address of a name, IPv4 before IPv6: more networks have it. Behind the kill switch the question goes through
 * the tunnel; without an answer the address of last time stays.
 * @throws {VpnError} `name-not-found`
 */
async function findGate(
  { lookup }: VpnDeps,
  gate: Omit<VpnGate, "address">,
  known: readonly VpnGate[],
): Promise<VpnGate> {
  if (parseAddress(gate.host)) return { ...gate, address: gate.host };
  try {
    const found = (await lookup(gate.host)).map(parseAddress).filter((address) => address !== null);
    const address = found.find(({ family }) => family === 4) ?? found[0];
    if (address) return { ...gate, address: addressText(address) };
  } catch {
    // Told below, where no address is known.
  }
  const before = known.find(({ host, port }) => host === gate.host && port === gate.port);
  if (before) return { ...gate, address: before.address };
  throw new VpnError("name-not-found", `The address of ${gate.host} could not be found. Is there a network?`);
}

const findGates = (
  deps: VpnDeps,
  gates: readonly Omit<VpnGate, "address">[],
  known: readonly VpnGate[],
): Promise<VpnGate[]> => Promise.all(gates.map((gate) => findGate(deps, gate, known)));

/** The kill switch first in the kernel: rules that it refuses never reach the file that the next start depends on. */
async function closeAround({ exec, places }: VpnDeps, state: VpnState): Promise<void> {
  const rules = killSwitch(state);
  await loadRules(exec, rules);
  await keep(places.rules, rules);
}

/** Closes everything but the tunnel, then connects it. @returns whether it is connected */
async function activate(deps: VpnDeps, state: VpnState, connection: string): Promise<boolean> {
  const { exec, places } = deps;
  await closeAround(deps, state);
  await keep(places.state, `${JSON.stringify(state, null, 2)}\n`);
  await keep(places.connection, connection);
  await loadConnection(exec, places.connection);
  return bringUp(exec, CONNECTION_UUID);
}

export interface TurnedOn {
  readonly state: VpnState;
  readonly connected: boolean;
}

/**
 * Checks a wg-quick configuration in full, makes it the VPN and turns that on.
 * @throws {VpnConfigError} when it has mistakes; {@link VpnError} `name-not-found`. Nothing has changed then.
 */
export async function importVpn(deps: VpnDeps, bytes: Uint8Array): Promise<TurnedOn> {
  const others = await otherConnections(deps);
  const config = parseVpnConfig(bytes, {
    publicKeyOf,
    isInUse: (key) => others.some((text) => hasPrivateKey(text, key.reveal())),
  });
  const before = await readState(deps);
  const wanted = config.peers.map(({ publicKey, endpoint }) => ({ publicKey, ...endpoint }));
  const gates = await findGates(deps, wanted, before?.gates ?? []);
  const state: VpnState = {
    apiVersion: "silvermetal/vpn/v1",
    lan: before?.lan ?? false,
    addresses: config.addresses.map(addressText),
    carried: [...carriedFamilies(config.addresses, config.peers)],
    gates,
  };
  return { state, connected: await activate(deps, state, keyfile(config, gates)) };
}

async function needed(deps: VpnDeps): Promise<{ readonly state: VpnState; readonly connection: string }> {
  const state = await readState(deps);
  const connection = await readAll(deps.sys, deps.places.connection);
  if (state && connection !== null) return { state, connection };
  throw new VpnError("not-set-up", "No VPN is set up: “silver-setup vpn import” does it.");
}

/** @throws {VpnError} `not-set-up` */
export async function turnOn(deps: VpnDeps): Promise<TurnedOn> {
  const { state, connection } = await needed(deps);
  const gates = await findGates(deps, state.gates, state.gates);
  const next = { ...state, gates };
  return { state: next, connected: await activate(deps, next, changedKeyfile(connection, true, gates)) };
}

/** The kill switch goes last: if the power fails before, nothing goes out until it is turned off again. */
export async function turnOff(deps: VpnDeps): Promise<void> {
  const { exec, places } = deps;
  const { connection } = await needed(deps);
  await takeDown(exec, CONNECTION_UUID);
  await keep(places.connection, changedKeyfile(connection, false, []));
  await loadConnection(exec, places.connection);
  await forget(places.rules);
  await loadRules(exec, withoutKillSwitch);
}

/** Chooses whether the local network may be reached beside the tunnel. @throws {VpnError} `not-set-up` */
export async function allowLan(deps: VpnDeps, lan: boolean): Promise<void> {
  const { state } = await needed(deps);
  const next = { ...state, lan };
  await keep(deps.places.state, `${JSON.stringify(next, null, 2)}\n`);
  if (await isOn(deps)) await closeAround(deps, next);
}
