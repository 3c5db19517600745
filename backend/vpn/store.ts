import { mkdir, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { VpnState } from "../../app/vpn/state.ts";
import type { Exec } from "../exec.ts";
import type { Sys } from "../sys.ts";
import { writeWhole } from "../tools/whole-file.ts";
import { isOurs } from "./keyfile.ts";

export interface VpnPlaces {
  /** Settings of the VPN, without secrets. */
  readonly state: string;
  /** The kill switch; it is there while the VPN is on (silver-vpn.service loads it). */
  readonly rules: string;
  /** Our connection, with the private key. */
  readonly connection: string;
  /** Folders of all connections (nm-settings-keyfile(5)). */
  readonly connections: readonly string[];
}

/** What the VPN reaches outside for. */
export interface VpnDeps {
  readonly exec: Exec;
  readonly sys: Sys;
  readonly places: VpnPlaces;
  /** The IP addresses of a host name. @throws {Error} when there are none */
  readonly lookup: (host: string) => Promise<readonly string[]>;
}

export const realVpnPlaces: VpnPlaces = {
  state: "/etc/silvermetal/vpn.json",
  rules: "/etc/silvermetal/vpn.nft",
  connection: "/etc/NetworkManager/system-connections/silver-vpn.nmconnection",
  connections: ["/etc", "/run", "/usr/lib"].map((folder) => `${folder}/NetworkManager/system-connections`),
};

/** Writes a file that only root can read. */
export async function keep(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(dirname(path), basename(path), content);
}

export async function forget(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  });
}

export async function readAll(sys: Sys, path: string): Promise<string | null> {
  return (await sys.read(path))?.toString("utf8") ?? null;
}

/** @returns null where no VPN was set up. @throws {Error} when the file is not ours */
export async function readState({ sys, places }: Pick<VpnDeps, "sys" | "places">): Promise<VpnState | null> {
  const text = await readAll(sys, places.state);
  return text === null ? null : VpnState.parse(JSON.parse(text));
}

export async function isOn({ sys, places }: Pick<VpnDeps, "sys" | "places">): Promise<boolean> {
  return (await sys.read(places.rules)) !== null;
}

/** All connections of NetworkManager but ours. */
export async function otherConnections({ sys, places }: Pick<VpnDeps, "sys" | "places">): Promise<string[]> {
  const texts: string[] = [];
  for (const folder of places.connections) {
    for (const name of await sys.list(folder)) {
      const text = await readAll(sys, join(folder, name));
      if (text !== null && !isOurs(text)) texts.push(text);
    }
  }
  return texts;
}
