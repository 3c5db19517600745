import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Facts } from "../../app/facts.ts";
import type { Enrolment } from "../../app/plan.ts";
import { exec, type Exec } from "../exec.ts";
import { realPlaces, type Places } from "../jobs/context.ts";
import { probe } from "../probe/probe.ts";
import { readDevice } from "../probe/used.ts";
import { createSys, type Sys } from "../sys.ts";
import { predictPcr7Here } from "../trust/pcr7.ts";
import { pressEnter } from "./keys.ts";
import type { Screen } from "./words.ts";

/** Everything that the commands reach outside for. */
export interface CliDeps {
  readonly exec: Exec;
  readonly sys: Sys;
  readonly places: Places;
  readonly probe: () => Promise<Facts>;
  /** PCR 7 of the installed system, in hexadecimal. */
  readonly predictPcr7: (enrolment: Enrolment) => Promise<string>;
  readonly screen: Screen;
  readonly complain: (text: string) => void;
  /** Somebody may be there to read what `showSecret` shows, and to say so. */
  readonly canShowSecret: boolean;
  /** Shows a secret on the screen alone and waits until it was read. */
  readonly showSecret: (name: string, value: string) => Promise<void>;
}

/** This machine, its terminal and its programs. */
export function realDeps(): CliDeps {
  const sys = createSys();
  // A reader or terminal that is gone (EPIPE, EIO) must not end an installation.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  return {
    exec,
    sys,
    places: realPlaces,
    probe: () => probe({ exec, sys, readAt: readDevice }),
    predictPcr7: async (enrolment) =>
      predictPcr7Here(sys, await readFile(join(realPlaces.keys, "secure-boot.der")), enrolment),
    screen: { write: (text) => process.stdout.write(text), isTerminal: process.stdout.isTTY },
    complain: (text) => void process.stderr.write(`silver-install: ${text}\n`),
    canShowSecret: process.stdin.isTTY && process.stdout.isTTY,
    showSecret: async (name, value) => {
      process.stdout.write(`\n${name}: ${value}\nWrite it down, then press Enter.\n`);
      await pressEnter();
    },
  };
}
