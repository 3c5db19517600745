const texts = {
  probe: "probe\n  Prints what was found out about this machine as JSON. Changes nothing.",
  validate:
    "validate FILE\n  Checks an answer file and prints each mistake as file:line:column: path: message.\n  Changes nothing and looks at no disk.",
  plan: "plan FILE [--json]\n  Prints what an installation with these answers would do to this machine, in bytes,\n  and what would be lost. Changes nothing.",
  run: "run FILE [--events PATH]\n  Installs with the answers of FILE, at once and without a question. result.json, install.log and what the\n  answers ask for go to FILE's folder. --events: a file for the events as JSON lines, instead of the\n  virtio-serial port silvermetal.events.",
  oem: "oem\n  Installs from the medium labelled SILVER-OEM: answers.yaml is read from it, the results are written to it.\n  A countdown of ten seconds shows the disk; any key stops it.",
} as const;

export type Command = keyof typeof texts;

export function isCommand(word: string): word is Command {
  return Object.hasOwn(texts, word);
}

const exitCodes = `Exit codes:
  0  done
  1  an internal error
  2  wrong usage
  3  the answers are missing or wrong
  4  refused before anything was written
  5  failed after writing had begun
  6  cancelled
`;

/** @param command only its text; without it all commands */
export function helpText(command?: Command): string {
  const chosen = command === undefined ? Object.values(texts) : [texts[command]];
  return `Usage:\n\n${chosen.map((text) => `silver-install ${text}\n`).join("\n")}\n${exitCodes}`;
}
