import { describe, expect, it } from "vitest";
import { fakeSys, type SysTree } from "../testing/fake-sys.ts";
import { readPower } from "./power.ts";

const supply = (name: string, files: Record<string, string>): SysTree =>
  Object.fromEntries(
    Object.entries(files).map(([file, text]) => [`/sys/class/power_supply/${name}/${file}`, `${text}\n`]),
  );
const battery = (status: string, capacity: string): Record<string, string> => ({ type: "Battery", status, capacity });

describe("readPower", () => {
  it("a desktop has no battery", async () => {
    expect(await readPower(fakeSys({}))).toEqual({ onBattery: false, batteryPercent: null });
  });

  it("two batteries give their mean", async () => {
    const sys = fakeSys({
      ...supply("BAT0", battery("Discharging", "20")),
      ...supply("BAT1", battery("Unknown", "81")),
    });
    expect(await readPower(sys)).toEqual({ onBattery: true, batteryPercent: 51 });
  });

  it("a weak USB-C supply still is a supply", async () => {
    const sys = fakeSys({
      ...supply("BAT0", battery("Discharging", "60")),
      ...supply("ucsi0", { type: "USB", online: "1" }),
    });
    expect(await readPower(sys)).toEqual({ onBattery: false, batteryPercent: 60 });
  });
});
