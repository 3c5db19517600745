import type { Disk } from "../facts.ts";

/** A blank 512 GB NVMe disk for tests, with some facts replaced. */
export function testDisk(facts: Partial<Disk> = {}): Disk {
  return {
    path: "/dev/nvme0n1",
    model: "Samsung SSD 980",
    vendor: null,
    serial: "S64DNX0R123456",
    wwn: null,
    transport: "nvme",
    rotational: false,
    removable: false,
    readOnly: false,
    size: 512_110_190_592,
    logicalSectorSize: 512,
    physicalSectorSize: 4096,
    byId: ["nvme-Samsung_SSD_980_S64DNX0R123456"],
    byPath: [],
    tableType: null,
    tableUuid: null,
    fsType: null,
    fsLabel: null,
    partitions: [],
    systems: [],
    problems: [],
    ...facts,
  };
}
