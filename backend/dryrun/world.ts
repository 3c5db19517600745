import type { Disk, Facts } from "../../app/facts.ts";
import type { DryRunFault, DryRunMachine } from "../../app/rpc/dryrun.ts";
import { SimulatedClock } from "./clock.ts";
import { readRecording, type Recording } from "./recording.ts";

/** A file that was saved to a simulated stick. */
export interface SavedFile {
  readonly medium: string;
  readonly name: string;
  readonly content: Buffer;
}

/** Simulated seconds per second when nothing else is said: an installation takes about ten seconds. */
const DEFAULT_SPEED = 20;

/** The simulated machine and everything that can be done to it from outside. */
export class World {
  readonly clock = new SimulatedClock(DEFAULT_SPEED);
  machine: DryRunMachine;
  recording: Recording;
  files: SavedFile[] = [];
  power: "reboot" | "poweroff" | "firmware" | null = null;
  #faults: DryRunFault[] = [];
  readonly #watchers = { disks: new Set<() => void>(), networks: new Set<() => void>() };

  constructor(machine: DryRunMachine) {
    this.machine = machine;
    this.recording = readRecording(machine);
  }

  get facts(): Facts {
    return this.recording.facts;
  }

  get faults(): readonly DryRunFault[] {
    return this.#faults;
  }

  /** Another machine in its place, or the same as it was in the beginning. */
  become(machine: DryRunMachine): void {
    this.machine = machine;
    this.recording = readRecording(machine);
    this.files = [];
    this.power = null;
    this.#faults = [];
  }

  /** @returns a function that ends the watch */
  watch(what: "disks" | "networks", changed: () => void): () => void {
    this.#watchers[what].add(changed);
    return () => void this.#watchers[what].delete(changed);
  }

  changed(what: "disks" | "networks"): void {
    for (const tell of this.#watchers[what]) tell();
  }

  inject(fault: DryRunFault): void {
    if (fault.what === "unplug") this.#swap(fault.disk, () => []);
    else if (fault.what === "replace") this.#swap(fault.disk, (disk) => [anotherOf(disk)]);
    else this.#faults.push(fault);
  }

  #swap(path: string, by: (disk: Disk) => Disk[]): void {
    const { facts, media } = this.recording;
    const disks = facts.disks.flatMap((disk) => (disk.path === path ? by(disk) : [disk]));
    const isOn = ({ id }: { id: string }): boolean =>
      facts.disks.some((disk) => disk.path === path && disk.partitions.some((part) => part.path === id));
    const left = media.filter((medium) => !isOn(medium));
    this.recording = { ...this.recording, facts: { ...facts, disks }, media: left };
    this.changed("disks");
  }

  /** Whether a fault is to happen now; it then has happened. */
  take<W extends DryRunFault["what"]>(
    what: W,
    fits: (fault: Extract<DryRunFault, { what: W }>) => boolean = () => true,
  ): Extract<DryRunFault, { what: W }> | null {
    const isIt = (fault: DryRunFault): fault is Extract<DryRunFault, { what: W }> => fault.what === what;
    const found = this.#faults.filter(isIt).find(fits);
    if (found === undefined) return null;
    this.#faults = this.#faults.filter((fault) => fault !== found);
    return found;
  }
}

/** A disk of the same make with other numbers, and nothing on it. */
function anotherOf(disk: Disk): Disk {
  const other = (text: string): string => `${text.slice(0, -2)}${text.endsWith("Z9") ? "Z8" : "Z9"}`;
  return {
    ...disk,
    serial: disk.serial === null ? null : other(disk.serial),
    wwn: disk.wwn === null ? null : other(disk.wwn),
    byId: disk.byId.map(other),
    tableType: null,
    tableUuid: null,
    fsType: null,
    fsLabel: null,
    partitions: [],
    systems: [],
  };
}
