import { lstat, mkdir, open, readFile, readlink, rename, symlink, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InstallError } from "../../../app/errors.ts";
import { addUser, askForPassword, lockPassword, setPasswordHash } from "../../tools/chroot.ts";
import { always, mounts, nothingToUndo, type Job, type Report, type RunContext } from "../context.ts";
import { keyboardWords, targetFiles, type TargetFile } from "./files.ts";

/** Groups that give a desktop's first user what belongs to the seat; those that the image lacks are left out. */
const GROUPS = [
  "sudo",
  "adm",
  "audio",
  "video",
  "render",
  "plugdev",
  "netdev",
  "bluetooth",
  "lpadmin",
  "scanner",
  "dip",
];

/** Writes beside and renames over, so that a link in the image is replaced and not followed out of the target. */
async function place(root: string, file: TargetFile): Promise<void> {
  const path = join(root, file.path);
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const fresh = `${path}.silver-new`;
  await unlink(fresh).catch(() => undefined);
  if (file.link !== undefined) {
    await symlink(file.link, fresh);
  } else {
    const handle = await open(fresh, "wx", file.mode ?? 0o644);
    try {
      await handle.chmod(file.mode ?? 0o644);
      await handle.writeFile(file.text ?? "");
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  await rename(fresh, path);
}

async function groupsOf(root: string): Promise<Set<string>> {
  const lines = (await readFile(join(root, "etc/group"), "utf8")).split("\n");
  return new Set(lines.map((line) => line.split(":")[0] ?? ""));
}

/** Password and day of its last change from an account's line in shadow(5). */
async function shadowEntry(path: string, name: string): Promise<ShadowEntry> {
  const line = (await readFile(path, "utf8")).split("\n").find((each) => each.startsWith(`${name}:`));
  const [, password, changed] = line?.split(":") ?? [];
  return { ...(password === undefined ? {} : { password }), ...(changed === undefined ? {} : { changed }) };
}

interface ShadowEntry {
  readonly password?: string;
  readonly changed?: string;
}

const isLocked = ({ password }: ShadowEntry): boolean => /^[!*]/.test(password ?? "");

/** The boot job unmounts the data file system before it writes anything, which waits until the disk has it all. */
async function run(ctx: RunContext, report: Report): Promise<void> {
  const { exec, answers } = ctx;
  const root = mounts.target(ctx);
  for (const file of targetFiles(ctx)) await place(root, file);
  report(0.4);
  const known = await groupsOf(root);
  const { name, fullName, passwordHash } = answers.user;
  await addUser(exec, root, { name, fullName: fullName ?? null, groups: GROUPS.filter((group) => known.has(group)) });
  if (passwordHash === undefined) await askForPassword(exec, root, name);
  else await setPasswordHash(exec, root, name, passwordHash);
  if (!isLocked(await shadowEntry(join(root, "etc/shadow"), "root"))) await lockPassword(exec, root, "root");
}

async function differs(root: string, file: TargetFile): Promise<boolean> {
  const path = join(root, file.path);
  if (file.link !== undefined) return (await readlink(path)) !== file.link;
  const { mode } = await lstat(path);
  return (await readFile(path, "utf8")) !== file.text || (mode & 0o777) !== (file.mode ?? 0o644);
}

async function verify(ctx: RunContext): Promise<void> {
  const root = mounts.target(ctx);
  const wrong: string[] = [];
  for (const file of targetFiles(ctx)) if (await differs(root, file)) wrong.push(file.path);
  const shadow = join(root, "etc/shadow");
  const { name, passwordHash } = ctx.answers.user;
  const user = await shadowEntry(shadow, name);
  if (user.password !== (passwordHash ?? "")) wrong.push("etc/shadow: user");
  if (passwordHash === undefined && user.changed !== "0") wrong.push("etc/shadow: user's first login");
  if (!isLocked(await shadowEntry(shadow, "root"))) wrong.push("etc/shadow: root");
  const machineId = (await readFile(join(root, "etc/machine-id"), "utf8").catch(() => "")).trim();
  if (machineId !== "" && machineId !== "uninitialized") wrong.push("etc/machine-id");
  if (wrong.length > 0)
    throw new InstallError("verify-failed", "The new system's settings are not as wanted", { wrong });
}

export const configure: Job = {
  id: "configure",
  title: "Apply the settings",
  weight: 1,
  wanted: always,
  describe: ({ answers, hostname, keymap }) =>
    [
      `host name ${hostname}`,
      `language ${answers.locale}, keyboard ${keyboardWords(answers.keyboard, keymap)}, time zone ${answers.timezone}`,
      `user ${answers.user.name}, may administer; root has no password`,
      ...(answers.user.passwordHash === undefined
        ? [`${answers.user.name} chooses a password at the first login`]
        : []),
      ...(answers.console === undefined ? [] : [`login on ${answers.console}`]),
    ].map((what) => ({ what, device: null, start: null, size: null })),
  run,
  undo: nothingToUndo,
  verify,
};
