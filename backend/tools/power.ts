import { readNumber, readText, type Sys } from "../sys.ts";

const SUPPLIES = "/sys/class/power_supply";

interface Supply {
  readonly type: string | null;
  readonly scope: string | null;
  readonly status: string | null;
  readonly online: number | null;
  readonly capacity: number | null;
}

async function readSupply(sys: Sys, name: string): Promise<Supply> {
  const at = (file: string): string => `${SUPPLIES}/${name}/${file}`;
  return {
    type: await readText(sys, at("type")),
    scope: await readText(sys, at("scope")),
    status: await readText(sys, at("status")),
    online: await readNumber(sys, at("online")),
    capacity: await readNumber(sys, at("capacity")),
  };
}

/**
 * Where this machine takes its power from. Batteries of mice and headsets (`scope` is `Device`) do not
 * count; with two batteries the percentage is their mean.
 */
export async function readPower(sys: Sys): Promise<{ onBattery: boolean; batteryPercent: number | null }> {
  const supplies: Supply[] = [];
  for (const name of await sys.list(SUPPLIES)) supplies.push(await readSupply(sys, name));
  const batteries = supplies.filter(({ type, scope }) => type === "Battery" && scope !== "Device");
  const plugged = supplies.some(({ type, online }) => type !== "Battery" && online === 1);
  const levels = batteries.flatMap(({ capacity }) => (capacity === null ? [] : [Math.min(capacity, 100)]));
  const sum = levels.reduce((total, level) => total + level, 0);
  return {
    onBattery: !plugged && batteries.some(({ status }) => status === "Discharging"),
    batteryPercent: levels.length === 0 ? null : Math.round(sum / levels.length),
  };
}
