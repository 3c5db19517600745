import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { problemText } from "../../app/answers/problem.ts";
import { asInstallError } from "../../app/errors.ts";
import { makePlan, planText } from "../machine/plan.ts";
import { prepare } from "../machine/prepare.ts";
import { emptyVault } from "../machine/secrets.ts";
import { checkFile, loadAnswers } from "../platform/answer-file.ts";
import { realDeps, type CliDeps } from "./deps.ts";
import { codeOf, exitCode } from "./exit.ts";
import { helpText, isCommand, type Command } from "./help.ts";
import { oemCommand } from "./oem.ts";
import { probeCommand } from "./probe.ts";
import { finish, runInstallation } from "./run.ts";
import { complaint } from "./words.ts";

interface Arguments {
  readonly file: string;
  readonly json: boolean;
  readonly events: string | undefined;
}

async function validate(deps: CliDeps, { file }: Arguments): Promise<number> {
  const { problems, complete } = await checkFile(deps.exec, deps.places, file);
  for (const problem of problems) deps.screen.write(`${problemText(problem)}\n`);
  if (!complete) deps.complain("outside the live system: keymaps, time zones and locales were not checked");
  return problems.length === 0 ? exitCode.ok : exitCode.answersInvalid;
}

async function plan(deps: CliDeps, { file, json }: Arguments): Promise<number> {
  const answers = await loadAnswers(deps.exec, deps.places, file);
  const notices: { code: string; message: string }[] = [];
  const notice = (code: string, message: string): void => void notices.push({ code, message });
  const prepared = await prepare({ ...deps, answers, folder: dirname(resolve(file)), notice });
  emptyVault(prepared.vault);
  const made = makePlan(prepared.plan, notices);
  deps.screen.write(json ? `${JSON.stringify(made, null, 2)}\n` : planText(made));
  return exitCode.ok;
}

async function run(deps: CliDeps, { file, events }: Arguments): Promise<number> {
  const answers = await loadAnswers(deps.exec, deps.places, file);
  const folder = dirname(resolve(file));
  const result = await runInstallation(deps, {
    answers,
    folder,
    ...(events === undefined ? {} : { eventsPath: events }),
  });
  if (result.outcome === "installed") await finish(deps, answers.onFinish);
  return codeOf(result);
}

const commands: Record<Command, (deps: CliDeps, args: Arguments) => Promise<number>> = {
  probe: async (deps) => {
    await probeCommand(deps.screen.write, { exec: deps.exec, sys: deps.sys });
    return exitCode.ok;
  },
  validate,
  plan,
  run,
  oem: (deps) => oemCommand(deps),
};

function complainOf(deps: CliDeps, thrown: unknown): number {
  const error = asInstallError(thrown).report();
  deps.complain(complaint(error));
  if (error.kind === "internal") return exitCode.internal;
  return error.kind === "answers-invalid" || error.kind === "answers-missing"
    ? exitCode.answersInvalid
    : exitCode.refused;
}

const options = {
  json: { type: "boolean" },
  events: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

interface Line {
  readonly command: Command;
  readonly args: Arguments;
}

/** Reads a command line. @returns what to do, the help that was asked for, or what is wrong with it */
function readLine(argv: readonly string[]): Line | { readonly help: string } | { readonly wrong: string } {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    return { wrong: asInstallError(error).message };
  }
  const { json = false, events, help = false } = parsed.values;
  const [command, file, ...more] = parsed.positionals;
  const known = command !== undefined && isCommand(command) ? command : undefined;
  if (help || command === "help") return { help: helpText(known) };
  if (known === undefined)
    return { wrong: command === undefined ? "a command is missing" : `unknown command ${command}` };
  const needsFile = known !== "probe" && known !== "oem";
  if (more.length > 0 || needsFile !== (file !== undefined)) {
    return { wrong: `${known} takes ${needsFile ? "one" : "no"} FILE` };
  }
  if (json && known !== "plan") return { wrong: "--json is for plan" };
  if (events !== undefined && known !== "run") return { wrong: "--events is for run" };
  return { command: known, args: { file: file ?? "", json, events } };
}

/** Runs one command line. @returns the exit code */
export async function main(argv: readonly string[], deps: CliDeps = realDeps()): Promise<number> {
  const line = readLine(argv);
  if ("help" in line) {
    deps.screen.write(line.help);
    return exitCode.ok;
  }
  if ("wrong" in line) {
    deps.complain(`${line.wrong}\n${helpText()}`);
    return exitCode.usage;
  }
  try {
    return await commands[line.command](deps, line.args);
  } catch (error) {
    return complainOf(deps, error);
  }
}
