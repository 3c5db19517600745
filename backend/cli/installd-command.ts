import { unlink } from "node:fs/promises";
import { parseArgs } from "node:util";
import { asInstallError, InstallError } from "../../app/errors.ts";
import { DryRunMachine, dryRunMethods } from "../../app/rpc/dryrun.ts";
import { dispatcher } from "../session/dispatch.ts";
import { activatedFd, listenOn } from "../session/listen.ts";
import { SessionServer } from "../session/server.ts";
import { Session } from "../session/session.ts";
import { exitCode } from "./exit.ts";

const usage = `Usage: silver-installd [--dry-run [MACHINE]] [--socket PATH]

The installer's daemon. It serves the graphical installer on the socket that systemd passes, or on PATH.
  --dry-run [MACHINE]  touch nothing: play a recorded machine, one of
                       ${DryRunMachine.options.join(", ")}
  --socket PATH        make a socket there that only this user can reach
`;

interface Line {
  readonly machine: DryRunMachine | null;
  readonly socket: string | null;
  readonly help: boolean;
}

/** Reads a command line. @throws {Error} in words for the user */
export function readLine(argv: readonly string[]): Line {
  const options = {
    "dry-run": { type: "boolean" },
    socket: { type: "string" },
    help: { type: "boolean", short: "h" },
  } as const;
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [name = "laptop-windows", ...more] = positionals;
  const isDryRun = values["dry-run"] === true;
  if (more.length > 0 || (positionals.length > 0 && !isDryRun)) throw new Error("MACHINE is for --dry-run alone");
  const machine = DryRunMachine.safeParse(name);
  if (!machine.success) throw new Error(`there is no recorded machine ${name}`);
  return {
    machine: isDryRun ? machine.data : null,
    socket: values.socket ?? null,
    help: values.help ?? false,
  };
}

/** The session over this computer. */
async function realServer(): Promise<SessionServer> {
  const { createRealPlatform } = await import("../platform/real.ts");
  const session = new Session(createRealPlatform());
  session.start();
  return new SessionServer(session);
}

/** The session over a recorded computer, which can be replaced while it runs. */
export async function dryRunServer(machine: DryRunMachine): Promise<SessionServer> {
  const [{ World }, { createDryRunPlatform }, { dryRunControl }] = await Promise.all([
    import("../dryrun/world.ts"),
    import("../dryrun/platform.ts"),
    import("../dryrun/control.ts"),
  ]);
  const world = new World(machine);
  const platform = createDryRunPlatform(world);
  let session = new Session(platform);
  const restart = (): void => {
    const before = session;
    session = new Session(platform, before.state.revision + 1);
    before.close();
    server.use(session);
    session.start();
  };
  const control = dispatcher(dryRunMethods, dryRunControl(world, restart), () => session.phase);
  const server = new SessionServer(session, [control]);
  session.start();
  return server;
}

const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });

function whereToListen(socket: string | null): { fd: number } | { path: string } {
  const fd = activatedFd();
  if (fd !== null) return { fd };
  if (socket !== null) return { path: socket };
  throw new InstallError("internal", "systemd passed no socket; give one with --socket PATH");
}

/** Runs the daemon until it is told to stop. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  let line: Line;
  try {
    line = readLine(argv);
  } catch (error) {
    process.stderr.write(`silver-installd: ${asInstallError(error).message}\n${usage}`);
    return exitCode.usage;
  }
  if (line.help) {
    process.stdout.write(usage);
    return exitCode.ok;
  }
  try {
    const where = whereToListen(line.socket);
    const server = await (line.machine === null ? realServer() : dryRunServer(line.machine));
    await listenOn(server.server, where);
    await stopSignal();
    await server.close();
    if ("path" in where) await unlink(where.path).catch(() => undefined);
    return exitCode.ok;
  } catch (error) {
    process.stderr.write(`silver-installd: ${asInstallError(error).message}\n`);
    return exitCode.internal;
  }
}
