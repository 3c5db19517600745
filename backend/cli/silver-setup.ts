import { closeSync, openSync, readSync } from "node:fs";
import { lookup } from "node:dns/promises";
import { createInterface } from "node:readline/promises";
import { MAX_CONFIG_BYTES } from "../../app/vpn/problem.ts";
import { exec } from "../exec.ts";
import { createSys } from "../sys.ts";
import { realVpnPlaces } from "../vpn/store.ts";
import { setupMain } from "./setup-command.ts";

/** One byte more than is allowed, at most: enough to tell that a file is too large. */
function beginning(fd: number): Uint8Array {
  const bytes = Buffer.alloc(MAX_CONFIG_BYTES + 1);
  let length = 0;
  for (let read = 1; read > 0 && length < bytes.length; length += read)
    read = readSync(fd, bytes, length, bytes.length - length, null);
  return bytes.subarray(0, length);
}

function readInput(name: string): Uint8Array {
  if (name === "-") return beginning(0);
  const fd = openSync(name, "r");
  try {
    return beginning(fd);
  } finally {
    closeSync(fd);
  }
}

async function confirm(question: string): Promise<boolean | null> {
  if (!process.stdin.isTTY) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

process.exitCode = await setupMain(process.argv.slice(2), {
  exec,
  sys: createSys(),
  places: realVpnPlaces,
  lookup: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  isRoot: process.getuid?.() === 0,
  readInput,
  confirm,
  write: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(`silver-setup: ${text}\n`),
});
