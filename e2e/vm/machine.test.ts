import { expect, it } from "vitest";
import { GiB } from "../../app/product.ts";
import { machinesAtOnce } from "./machine.ts";

it.each([
  ["kvm", 1, 4 * GiB, 1],
  ["kvm", 2, 24 * GiB, 1],
  ["kvm", 16, 24 * GiB, 4],
  ["tcg", 2, 24 * GiB, 2],
  ["tcg", 8, 64 * GiB, 8],
  ["tcg", 2, 8 * GiB, 1],
] as const)("%s with %d processors and %d bytes of memory: %d machines", (how, processors, memory, machines) => {
  expect(machinesAtOnce(how, processors, memory)).toBe(machines);
});
