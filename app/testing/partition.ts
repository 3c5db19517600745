import type { Partition } from "../facts.ts";

/** A partition of 1 GB with ext4 for tests, with some facts replaced. */
export function testPartition(facts: Partial<Partition> = {}): Partition {
  return {
    path: "/dev/sda1",
    number: 1,
    start: 1_048_576,
    size: 1_000_000_000,
    typeUuid: null,
    partitionLabel: null,
    fsType: "ext4",
    fsLabel: null,
    fsUuid: null,
    encryption: null,
    mountpoints: [],
    used: null,
    ...facts,
  };
}
