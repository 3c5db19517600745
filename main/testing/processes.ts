import { readFileSync, readlinkSync, readdirSync } from "node:fs";

/** A field of /proc/PID/status (proc_pid_status(5)). */
export function statusField(pid: number, name: string): string {
  const line = readFileSync(`/proc/${String(pid)}/status`, "utf8")
    .split("\n")
    .find((candidate) => candidate.startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim() ?? "";
}

/** TCP state LISTEN in the fourth column of /proc/net/tcp (proc_pid_net(5)); the tenth is the socket's inode. */
function listeningInodes(table: string): Set<string> {
  const rows = readFileSync(table, "utf8").trim().split("\n").slice(1);
  const fields = rows.map((row) => row.trim().split(/\s+/));
  return new Set(fields.filter((field) => field[3] === "0A").map((field) => `socket:[${field[9] ?? ""}]`));
}

/** Those of some processes that listen on a TCP port. Other users' processes only root can look into. */
export function listeners(pids: readonly number[]): number[] {
  const inodes = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => [...listeningInodes(table)]));
  return pids.filter((pid) => {
    const folder = `/proc/${String(pid)}/fd`;
    return readdirSync(folder).some((fd) => {
      try {
        return inodes.has(readlinkSync(`${folder}/${fd}`));
      } catch {
        return false;
      }
    });
  });
}
