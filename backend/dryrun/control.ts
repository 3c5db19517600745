import { type dryRunMethods, type DryRunState } from "../../app/rpc/dryrun.ts";
import { recordedMachines } from "./recording.ts";
import type { World } from "./world.ts";

function stateOf({ machine, clock, faults, files, power }: World): DryRunState {
  return {
    machine,
    machines: [...recordedMachines()],
    speed: clock.speed,
    faults: [...faults],
    files: files.map(({ medium, name, content }) => ({ medium, name, bytes: content.byteLength })),
    power,
  };
}

/** What answers the methods of `app/rpc/dryrun.ts`. */
export type DryRunControl = {
  readonly [Name in keyof typeof dryRunMethods]: (
    params: ReturnType<(typeof dryRunMethods)[Name]["params"]["parse"]>,
  ) => ReturnType<(typeof dryRunMethods)[Name]["result"]["parse"]>;
};

/**
 * Hands the world to tests and developers.
 * @param restart begins a new session
 */
export function dryRunControl(world: World, restart: () => void): DryRunControl {
  return {
    "dryrun/get": () => stateOf(world),
    "dryrun/machine": ({ machine }) => {
      world.become(machine);
      restart();
      return null;
    },
    "dryrun/fault": (fault) => {
      world.inject(fault);
      return null;
    },
    "dryrun/speed": ({ speed }) => {
      world.clock.speed = speed;
      return null;
    },
  };
}
