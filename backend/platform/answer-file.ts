import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { readAnswers } from "../../app/answers/combinations.ts";
import { parseAnswers } from "../../app/answers/parse.ts";
import { answersInvalid, type AnswerProblem } from "../../app/answers/problem.ts";
import { unattendedAnswers, type AnswerFile, type Answers } from "../../app/answers/schema.ts";
import { asInstallError, InstallError } from "../../app/errors.ts";
import type { Exec } from "../exec.ts";
import type { Places } from "../jobs/context.ts";
import { readCatalogue } from "../probe/catalogue.ts";

export interface Checked {
  readonly problems: readonly AnswerProblem[];
  readonly answers: AnswerFile | null;
  /** False away from the live system: names of keymaps, zones and locales could not be checked. */
  readonly complete: boolean;
}

async function content(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) => {
    throw new InstallError("answers-missing", `${file} can not be read`, { file }, { cause });
  });
}

/** Parses and checks an answer file. @throws {InstallError} `answers-missing` */
export async function checkFile(exec: Exec, places: Places, file: string): Promise<Checked> {
  const bytes = await content(file);
  const catalogue = await readCatalogue(exec, places).catch(() => null);
  const name = basename(file);
  const read = catalogue === null ? parseAnswers(bytes, name) : readAnswers(bytes, name, catalogue);
  const complete = catalogue !== null;
  return "problems" in read
    ? { problems: read.problems, answers: null, complete }
    : { problems: [], answers: read.answers, complete };
}

/** What a file says, `interactive` or not. @throws {InstallError} `answers-missing` or `answers-invalid` */
export async function readAnswerFile(exec: Exec, places: Places, file: string): Promise<AnswerFile> {
  try {
    const { answers, problems } = await checkFile(exec, places, file);
    if (answers === null) throw answersInvalid(problems);
    return answers;
  } catch (error) {
    throw asInstallError(error);
  }
}

/**
 * The answers of a file that needs nobody in front of the screen.
 * @throws {InstallError} `answers-missing` or `answers-invalid`
 */
export async function loadAnswers(exec: Exec, places: Places, file: string): Promise<Answers> {
  const said = await readAnswerFile(exec, places, file);
  const answers = unattendedAnswers(said);
  if (answers !== null) return answers;
  const details = { file: basename(file), path: "interactive", interactive: [...(said.interactive ?? [])] };
  throw new InstallError("answers-invalid", "The file leaves questions to the graphical installer", details);
}
