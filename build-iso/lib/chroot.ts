import { realpath } from "node:fs/promises";
import { run, type RunOptions } from "../exec.ts";

export interface Mount {
  /** Absolute path inside the tree; below /mnt, where an empty tmpfs waits for mount points. */
  readonly at: string;
  /** Folder of the host, or several for an overlay with the first one on top. */
  readonly from: string | readonly string[];
  /** Read-only unless set. For an overlay: the folder that receives changes, with a work folder beside it. */
  readonly writable?: boolean | { readonly upper: string; readonly work: string };
}

export interface TreeOptions extends RunOptions {
  readonly mounts?: readonly Mount[];
  /** Paths in the tree on which an empty tmpfs is mounted, besides /tmp, /var/tmp, /run and /mnt. */
  readonly scratch?: readonly string[];
  /** The program's clock: the real one whatever SILVER_CLOCK says, or one that stands still (`2026-11-19 02:12:54`, UTC). */
  readonly clock?: "real" | { readonly stopped: string };
}

/** Moves the clock of everything that runs in a tree, in libfaketime's notation: for reproducibility tests. */
const CLOCK_VARIABLE = "SILVER_CLOCK";
/** Path inside the tools tree. */
const FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

function fakeClock(clock: TreeOptions["clock"]): string[] {
  const time = typeof clock === "object" ? clock.stopped : process.env[CLOCK_VARIABLE];
  if (time === undefined || clock === "real") return [];
  return ["/usr/bin/env", `LD_PRELOAD=${FAKETIME}`, `FAKETIME=${time}`, "NO_FAKE_STAT=1"];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function mountLines(tree: string, mount: Mount): string[] {
  const target = quote(`${tree}${mount.at}`);
  const make = `mkdir -p ${target}`;
  if (typeof mount.from === "string") {
    const bind = `mount --bind ${quote(mount.from)} ${target}`;
    return mount.writable === true ? [make, bind] : [make, bind, `mount -o remount,bind,ro ${target}`];
  }
  const upper =
    typeof mount.writable === "object" ? `,upperdir=${mount.writable.upper},workdir=${mount.writable.work}` : "";
  const options = quote(`lowerdir=${mount.from.join(":")}${upper}`);
  return [make, `mount -t overlay overlay -o ${options} ${target}`];
}

/**
 * Runs a program inside a root tree. All mounts live in a mount namespace of their own that ends with the
 * program, so none is left behind whatever happens. The tree itself is read-only.
 * @throws {BuildError} when the program fails.
 */
export async function runInTree(
  tree: string,
  program: string,
  args: readonly string[],
  options: TreeOptions = {},
): Promise<string> {
  const root = await realpath(tree);
  const scratch = ["/tmp", "/var/tmp", "/run", "/mnt", ...(options.scratch ?? [])];
  const script = [
    "set -eu",
    `mount --bind ${quote(root)} ${quote(root)}`,
    `mount -o remount,bind,ro ${quote(root)}`,
    ...scratch.map((at) => `mount -t tmpfs -o mode=1777 tmpfs ${quote(root + at)}`),
    `mount -t proc proc ${quote(`${root}/proc`)}`,
    `mount --rbind /dev ${quote(`${root}/dev`)}`,
    ...(options.mounts ?? []).flatMap((mount) => mountLines(root, mount)),
    // A tree as current folder from before the bind mount would show the writable one below it.
    `exec chroot ${quote(root)} "$@"`,
  ];
  const shell = ["/bin/sh", "-c", script.join("\n"), program];
  const faked = fakeClock(options.clock);
  return run("unshare", ["--mount", "--propagation", "private", "--", ...shell, ...faked, program, ...args], {
    ...options,
    shownAs: [program, ...args],
  });
}
