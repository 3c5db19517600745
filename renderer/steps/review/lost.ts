import type { Disk, Facts } from "../../../app/facts.ts";
import type { Plan } from "../../../app/plan.ts";

type Entry = Plan["lost"][number];
type Encryption = NonNullable<Disk["partitions"][number]["encryption"]>;

/** Something on the disk that will be gone. Names come from the disk: show them as text. */
export type LostItem =
  | { readonly kind: "system"; readonly name: string; readonly size: null }
  | { readonly kind: "whole"; readonly content: string; readonly size: number }
  | {
      readonly kind: "partition";
      readonly number: number | null;
      readonly name: string;
      readonly content: string | null;
      readonly encryption: Encryption | null;
      readonly size: number;
      readonly used: number | null;
    }
  /** As the engine wrote it, in English. */
  | { readonly kind: "text"; readonly what: string; readonly size: number | null };

function itemsOf(disk: Disk): LostItem[] {
  const systems = disk.systems.map(({ name }) => ({ kind: "system", name, size: null }) as const);
  const whole = disk.fsType === null ? [] : [{ kind: "whole", content: disk.fsType, size: disk.size } as const];
  const partitions = disk.partitions.map(
    ({ number, partitionLabel, fsLabel, fsType, encryption, size, used }) =>
      ({
        kind: "partition",
        number,
        name: fsLabel || partitionLabel || "",
        content: fsType,
        encryption,
        size,
        used,
      }) as const,
  );
  return [...systems, ...whole, ...partitions];
}

const fits = (items: readonly LostItem[], lost: readonly Entry[]): boolean =>
  items.length === lost.length && items.every(({ size }, index) => size === lost[index]?.size);

/**
 * What the plan says will be lost, in pieces that can be said in any language. Where what is known of the disk does not
 * fit the plan, the plan's own words are right.
 */
export function lostItems(plan: Pick<Plan, "disk" | "lost">, facts: Facts | null): LostItem[] {
  const { path, serial, size } = plan.disk;
  const disk = facts?.disks.find((each) => each.path === path && each.serial === serial && each.size === size);
  const items = disk === undefined ? [] : itemsOf(disk);
  return fits(items, plan.lost)
    ? items
    : plan.lost.map(({ what, size: bytes }) => ({ kind: "text", what, size: bytes }));
}
