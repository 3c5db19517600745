import { randomBytes } from "node:crypto";
import { InstallError } from "../../app/errors.ts";
import { Secret } from "../../app/secret.ts";
import type { LayoutSizes } from "../../app/wizard/snapshot.ts";
import { argon2MemoryKiB, layoutSizes } from "../jobs/layout.ts";
import { driveEngine } from "../machine/engine.ts";
import type { FileToSave, Networks, Platform } from "../platform/platform.ts";
import { DryRunHost, dryRunManifest } from "./host.ts";
import { dryRunCatalogue } from "./recording.ts";
import type { World } from "./world.ts";

/** Simulated seconds of things that take a while on a real machine. */
const SECONDS = { probe: 2, scan: 3, connect: 5, identify: 6, save: 1, benchmark: 2 } as const;

function bytesOf(content: FileToSave["content"]): Buffer {
  if (content instanceof Secret) return content.bytes();
  return Buffer.from(content as Uint8Array);
}

/** `name.txt`, or `name-2.txt` and so on where that is taken. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot)];
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? name : `${stem}-${String(count)}${ending}`;
    if (!taken.has(candidate)) return candidate;
  }
}

async function save(world: World, medium: string, files: readonly FileToSave[]): Promise<string[]> {
  await world.clock.sleep(SECONDS.save);
  const found = world.recording.media.find(({ id }) => id === medium);
  if (!found) throw new InstallError("disk-not-found", `${medium} is not there any more`, { disk: medium });
  if (world.take("save")) throw new InstallError("disk-io", `${medium} can not be written to`, { disk: medium });
  const names: string[] = [];
  for (const { name, content } of files) {
    const taken = new Set(world.files.filter((file) => file.medium === medium).map((file) => file.name));
    const free = freeName(name, taken);
    world.files.push({ medium, name: free, content: bytesOf(content) });
    names.push(free);
  }
  return names;
}

function networks(world: World): Networks {
  const change = (ssid: string | null): void => {
    const { network } = world.recording;
    const list = network.wifi.networks.map((each) => ({ ...each, active: each.ssid === ssid }));
    const isOnline = ssid !== null || network.wired.some(({ connected }) => connected);
    const connectivity = isOnline ? ("full" as const) : ("none" as const);
    world.recording.network = { ...network, wifi: { ...network.wifi, networks: list }, connectivity };
    world.changed("networks");
  };
  return {
    state: () => Promise.resolve(structuredClone(world.recording.network)),
    watch: (changed) => world.watch("networks", changed),
    scan: async () => {
      await world.clock.sleep(SECONDS.scan);
      world.changed("networks");
    },
    connect: async ({ ssid, hidden }) => {
      await world.clock.sleep(SECONDS.connect);
      const { networks: list } = world.recording.network.wifi;
      const found = list.find((each) => each.ssid === ssid);
      if (!found && !hidden) return "not-found";
      if (found?.security === "enterprise") return "failed";
      if (world.take("wifi-password")) return "wrong-password";
      if (!found) list.push({ ssid, strength: 50, security: "wpa", active: false });
      change(ssid);
      return "connected";
    },
    disconnect: () => {
      change(null);
      return Promise.resolve();
    },
  };
}

/** A computer that is only played: recorded facts, the real decisions and plan, simulated time. */
export function createDryRunPlatform(world: World): Platform {
  const { clock } = world;
  const sizes: LayoutSizes = layoutSizes(dryRunManifest.root.bytes);
  return {
    dryRun: true,
    release: () => Promise.resolve(dryRunManifest.version),
    probe: async () => {
      await clock.sleep(SECONDS.probe);
      if (world.take("probe")) throw new InstallError("tool-failed", "lsblk failed", { program: "lsblk" });
      return structuredClone(world.facts);
    },
    catalogue: () => Promise.resolve(dryRunCatalogue()),
    layout: () => Promise.resolve(sizes),
    unlockCost: async ({ memory }) => {
      await clock.sleep(SECONDS.benchmark);
      return { seconds: world.recording.unlockSeconds, memory: argon2MemoryKiB(memory.available) * 1024 };
    },
    watchDisks: (changed) => world.watch("disks", changed),
    identify: async (path) => {
      const disk = world.facts.disks.find((each) => each.path === path);
      if (!disk) throw new InstallError("disk-not-found", `${path} is not there any more`, { disk: path });
      await clock.sleep(SECONDS.identify);
      return disk.transport !== "mmc";
    },
    media: () => structuredClone(world.recording.media),
    save: (medium, files) => save(world, medium, files),
    networks: networks(world),
    // Nothing is installed, so nobody logs in with it: only its form counts.
    hashPassword: () => Promise.resolve(`$6$dryrun$${randomBytes(43).toString("hex")}`),
    clearTpm: () => Promise.resolve(world.facts.tpm.present ? "restart-needed" : "not-offered"),
    power: (action) => {
      world.power = action;
      return Promise.resolve();
    },
    prefill: () => Promise.resolve(null),
    install: (answers, given, onEvent) =>
      driveEngine(new DryRunHost(world, { answers, given, onEvent }), { confirm: true }),
  };
}
