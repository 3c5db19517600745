import { parseAnswers } from "../answers/parse.ts";
import { problemText, type AnswerProblem } from "../answers/problem.ts";

/** A password hash as crypt(3) makes them. */
export const hash = "$6$saltsalt$0123456789abcdef";
/** An answer file with nothing but what it needs. */
export const valid = `apiVersion: silvermetal/v1
disk:
  serial: "0123"
encryption:
  passphrase: "correct horse"
user:
  name: ada
  passwordHash: "${hash}"
`;

/** What is wrong with a text. */
export function problems(text: string | Uint8Array): readonly AnswerProblem[] {
  const parsed = parseAnswers(text, "answers.yaml");
  return "problems" in parsed ? parsed.problems : [];
}

/** The only problem of a text. */
export function problem(text: string | Uint8Array): AnswerProblem {
  const [first, ...others] = problems(text);
  if (first === undefined || others.length > 0) {
    throw new Error(`expected one problem, found ${problems(text).map(problemText).join("; ")}`);
  }
  return first;
}

/** The valid file with one piece of text replaced. */
export const changed = (from: string, to: string): string => {
  if (!valid.includes(from)) throw new Error(`the valid file has no ${from}`);
  return valid.replace(from, to);
};
