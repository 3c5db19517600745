import { Secret } from "../../app/secret.ts";
import type { Exec } from "../exec.ts";

export interface NewUser {
  readonly name: string;
  readonly fullName: string | null;
  readonly groups: readonly string[];
}

/** Makes a person's account with its own group and home directory inside a mounted system; no password yet. */
export async function addUser(exec: Exec, root: string, user: NewUser): Promise<void> {
  // A colon or comma would end the field in /etc/passwd or start the next GECOS field.
  const comment = (user.fullName ?? "").replace(/[:,]/g, " ").trim();
  const groups = user.groups.length > 0 ? [`--groups=${user.groups.join(",")}`] : [];
  const fixed = ["--create-home", "--user-group", "--shell=/bin/bash", `--comment=${comment}`];
  await exec("chroot", [root, "useradd", ...fixed, ...groups, "--", user.name]);
}

/** Sets a password by its crypt(5) hash, which can be guessed offline and so travels on stdin. */
export async function setPasswordHash(exec: Exec, root: string, name: string, hash: string): Promise<void> {
  await exec("chroot", [root, "chpasswd", "--encrypted"], { stdin: new Secret(`${name}:${hash}\n`) });
}

/**
 * Leaves the choice of a password to the first login: there is none, and it is out of date, so that PAM lets nobody
 * go on (pam_unix(8), shadow(5)) before one is chosen, at the console, the greeter or for sudo.
 */
export async function askForPassword(exec: Exec, root: string, name: string): Promise<void> {
  await exec("chroot", [root, "passwd", "--delete", "--", name]);
  await exec("chroot", [root, "chage", "--lastday=0", "--", name]);
}

/** Makes an account's password unusable. */
export async function lockPassword(exec: Exec, root: string, name: string): Promise<void> {
  await exec("chroot", [root, "usermod", "--lock", "--", name]);
}
