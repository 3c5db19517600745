import { asInstallError } from "../../app/errors.ts";

/** What silver-trust and silver-setup have in common: their exit codes, and how they complain. */
export interface Administration {
  readonly exit: { readonly ok: number; readonly usage: number; readonly refused: number; readonly internal: number };
  readonly help: string;
  readonly isRoot: boolean;
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Whether what was thrown is a refusal in words for the person at the keyboard. */
  readonly isRefusal: (thrown: unknown) => thrown is Error & { readonly code: string };
}

function complainOf({ complain, exit, isRefusal }: Administration, thrown: unknown): number {
  if (isRefusal(thrown)) {
    complain(`${thrown.message} [${thrown.code}]`);
    return exit.refused;
  }
  const { message, kind, details } = asInstallError(thrown);
  const stderr = typeof details["stderr"] === "string" ? details["stderr"].trim() : "";
  complain(`${message} [${kind}]${stderr === "" ? "" : `\n${stderr}`}`);
  return exit.internal;
}

/**
 * Runs one command line as root.
 * @param read finds the command; null: the help is asked for. What it throws is said with the help.
 * @returns the exit code
 */
export async function administer(how: Administration, read: () => (() => Promise<number>) | null): Promise<number> {
  const { exit, help, isRoot, write, complain } = how;
  let run;
  try {
    run = read();
  } catch (error) {
    complain(`${asInstallError(error).message}\n${help}`);
    return exit.usage;
  }
  if (run === null) {
    write(help);
    return exit.ok;
  }
  if (!isRoot) {
    complain("This needs the administrator's rights: use sudo.");
    return exit.refused;
  }
  try {
    return await run();
  } catch (error) {
    return complainOf(how, error);
  }
}
