import { writeSync } from "node:fs";
import { exec } from "../exec.ts";
import { realPlaces } from "../jobs/context.ts";
import { createSys } from "../sys.ts";
import { askSecret, secretFromDescriptor } from "./secret-input.ts";
import { trustMain } from "./trust-command.ts";

process.exitCode = await trustMain(process.argv.slice(2), {
  exec,
  sys: createSys(),
  places: realPlaces,
  io: {
    ask: askSecret,
    fromDescriptor: secretFromDescriptor,
    toDescriptor: (fd, secret) => void writeSync(fd, `${secret.reveal()}\n`),
    show: (name, secret) => void process.stderr.write(`\n${name}:\n\n    ${secret.reveal()}\n\n`),
  },
  isRoot: process.getuid?.() === 0,
  messageFile: "/run/motd.d/50-silver-trust",
  write: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(`silver-trust: ${text}\n`),
});
