import { chmod, lstat, unlink } from "node:fs/promises";
import { connect, type Server } from "node:net";
import { InstallError } from "../../app/errors.ts";

/** First descriptor that systemd passes (SD_LISTEN_FDS_START). */
const FIRST_FD = 3;

/**
 * The socket that systemd has opened for this process, by sd_listen_fds(3); null where it has not.
 * The variables are taken out of `env`, lest a child takes them for its own.
 * @throws {InstallError} `internal` for several sockets
 */
export function activatedFd(env: NodeJS.ProcessEnv = process.env, pid = process.pid): number | null {
  const { LISTEN_PID: forPid, LISTEN_FDS: count } = env;
  for (const name of ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"]) Reflect.deleteProperty(env, name);
  if (Number(forPid) !== pid || !count || Number(count) === 0) return null;
  if (count !== "1") throw new InstallError("internal", `systemd passed ${count} sockets, expected one`);
  return FIRST_FD;
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => {
      resolve(false);
    });
  });
}

/** Removes the socket that a daemon before us has left. @throws {InstallError} when it still answers or is none */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return;
  if (!found.isSocket()) throw new InstallError("internal", `${path} is there and no socket`, { path });
  if (await isAlive(path)) throw new InstallError("internal", `A daemon already listens on ${path}`, { path });
  await unlink(path);
}

const listening = (server: Server, where: string | { fd: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      resolve();
    });
  });

/**
 * Listens on the socket of systemd, or else on a new one that only this user can reach.
 * @throws {InstallError} when the path is taken
 */
export async function listenOn(server: Server, where: { fd: number } | { path: string }): Promise<void> {
  if ("fd" in where) {
    await listening(server, where);
    return;
  }
  await removeStale(where.path);
  const before = process.umask(0o177);
  try {
    await listening(server, where.path);
  } finally {
    process.umask(before);
  }
  await chmod(where.path, 0o600);
}
