import { parseArgs } from "node:util";
import { product } from "../../app/product.ts";
import { VpnConfigError, vpnProblemText } from "../../app/vpn/problem.ts";
import { englishVpnTrouble, type VpnState, type VpnStatus } from "../../app/vpn/state.ts";
import { readText } from "../sys.ts";
import { vpnStatus } from "../vpn/status.ts";
import type { VpnDeps } from "../vpn/store.ts";
import { allowLan, importVpn, turnOff, turnOn, type TurnedOn } from "../vpn/switch.ts";
import { VpnError } from "../vpn/vpn-error.ts";
import { administer } from "./administer.ts";
import { setupExit, setupHelp } from "./setup-help.ts";

export interface SetupDeps extends VpnDeps {
  readonly isRoot: boolean;
  /** A file, or standard input for `-`; of a large one the beginning. @throws {Error} when it can not be read */
  readonly readInput: (name: string) => Uint8Array;
  /** Asks on the terminal; null when there is none. */
  readonly confirm: (question: string) => Promise<boolean | null>;
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
}

interface Options {
  readonly json: boolean;
  readonly yes: boolean;
}

type Run = (deps: SetupDeps, options: Options) => Promise<number>;

const blockedText = (carried: VpnState["carried"]): string[] =>
  ([4, 6] as const)
    .filter((family) => !carried.includes(family))
    .map((family) => `The tunnel does not carry IPv${String(family)}: it is blocked.\n`);

/** What was done, and what may leave from now on. */
function tellOn({ write }: SetupDeps, { state, connected }: TurnedOn): number {
  write("The VPN is on: nothing leaves this computer but the tunnel, now and after every start.\n");
  for (const line of blockedText(state.carried)) write(line);
  if (state.lan) write("The local network can be reached.\n");
  if (connected) return setupExit.ok;
  const { whatToDo } = englishVpnTrouble["disconnected"];
  write(`It is not connected yet. ${whatToDo}\n`);
  return setupExit.notWorking;
}

function importFile(name: string): Run {
  return async (deps) => {
    let bytes;
    try {
      bytes = deps.readInput(name);
    } catch (cause) {
      throw new VpnError("unreadable", `${name} can not be read.`, { cause });
    }
    try {
      return tellOn(deps, await importVpn(deps, bytes));
    } catch (error) {
      if (!(error instanceof VpnConfigError)) throw error;
      const lines = error.problems.map((problem) => `\n${vpnProblemText(name, problem)}`);
      deps.complain(`${error.message} Nothing has changed.${lines.join("")}`);
      return setupExit.refused;
    }
  };
}

const visible = `With the VPN off
- the sites and services that you use see the address of your connection, which tells roughly where you are;
- your network and your provider see which of them you use, and what is not encrypted otherwise;
- the names that you look up go to the name server of your network.
`;

const off: Run = async (deps, { yes }) => {
  if (!yes) {
    deps.write(visible);
    const answer = await deps.confirm("Turn it off? [y/N] ");
    if (answer === null) throw new VpnError("not-confirmed", "There is no terminal to ask on; --yes does not ask.");
    if (!answer) throw new VpnError("not-confirmed", "The VPN stays as it was.");
  }
  await turnOff(deps);
  deps.write("The VPN is off: everything goes out as it is.\n");
  return setupExit.ok;
};

const lan =
  (allow: boolean): Run =>
  async (deps) => {
    await allowLan(deps, allow);
    deps.write(
      allow ? "The local network can be reached.\n" : "The local network can not be reached while the VPN is on.\n",
    );
    return setupExit.ok;
  };

function statusText({ trouble, killSwitch, connected, received, lan: local, blocked }: VpnStatus): string {
  const row = (name: string, value: string): string => `  ${name.padEnd(16)}${value}\n`;
  const found = trouble && englishVpnTrouble[trouble];
  return [
    found ? `${found.problem}\n  ${found.whatToDo}\n\n` : "The VPN works: nothing goes out but the tunnel.\n\n",
    row("Kill switch", killSwitch ? "on" : "off"),
    row("Tunnel", connected ? `connected, ${String(received)} bytes received` : "not connected"),
    row("Local network", local ? "can be reached" : "blocked while the VPN is on"),
    ...blocked.map((version) => row(version, "not in the tunnel: blocked while the VPN is on")),
  ].join("");
}

const status: Run = async (deps, { json }) => {
  const found = await vpnStatus(deps);
  deps.write(json ? `${JSON.stringify(found, null, 2)}\n` : statusText(found));
  return found.working ? setupExit.ok : setupExit.notWorking;
};

const commands: Readonly<Record<string, Run>> = {
  "vpn on": async (deps) => tellOn(deps, await turnOn(deps)),
  "vpn off": off,
  "vpn status": status,
  "vpn lan allow": lan(true),
  "vpn lan deny": lan(false),
};

const optionNames = {
  json: { type: "boolean" },
  yes: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

function commandOf(words: readonly string[]): Run {
  const name = words.join(" ");
  const [area, verb, file, ...more] = words;
  if (area === "vpn" && verb === "import" && file !== undefined && more.length === 0) return importFile(file);
  const run = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!run) throw new TypeError(name === "" ? "a command is missing" : `unknown command ${name}`);
  return run;
}

interface Line {
  readonly run: Run | null;
  readonly options: Options;
}

/** @throws {TypeError} with what is wrong */
function readLine(argv: readonly string[]): Line {
  const { values, positionals } = parseArgs({ args: [...argv], options: optionNames, allowPositionals: true });
  const options: Options = { json: values.json ?? false, yes: values.yes ?? false };
  if (values.help === true || positionals.join(" ") === "help") return { run: null, options };
  const run = commandOf(positionals);
  if (options.json && run !== status) throw new TypeError("--json is for vpn status");
  if (options.yes && run !== off) throw new TypeError("--yes is for vpn off");
  return { run, options };
}

/** @throws {VpnError} `live-session` */
async function refuseLiveSession({ sys }: SetupDeps): Promise<void> {
  const words = (await readText(sys, "/proc/cmdline"))?.split(/\s+/) ?? [];
  if (!words.includes(product.liveFlag)) return;
  throw new VpnError("live-session", "This is the live session; the VPN belongs to the installed system.");
}

/** Runs one command line of `silver-setup`. @returns the exit code */
export function setupMain(argv: readonly string[], deps: SetupDeps): Promise<number> {
  const { isRoot, write, complain } = deps;
  const isRefusal = (thrown: unknown): thrown is VpnError => thrown instanceof VpnError;
  return administer({ exit: setupExit, help: setupHelp, isRoot, write, complain, isRefusal }, () => {
    const { run, options } = readLine(argv);
    return run === null
      ? null
      : async () => {
          await refuseLiveSession(deps);
          return run(deps, options);
        };
  });
}
