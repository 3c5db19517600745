import { readSync } from "node:fs";
import { secretFromFile } from "../../app/answers/secret-rules.ts";
import { Secret } from "../../app/secret.ts";

/** What a key press adds to or takes from a line that is typed without echo. */
export type Typed = { readonly line: string } | { readonly done: string } | { readonly interrupted: true };

const isControl = (character: string): boolean => /\p{Cc}/u.test(character);

/** Applies a chunk of keyboard input: Enter ends, Backspace and Ctrl-U take back, Ctrl-C and Ctrl-D give up. */
export function typeInto(line: string, chunk: string): Typed {
  let characters = Array.from(line);
  for (const character of chunk) {
    if (character === "\r" || character === "\n") return { done: characters.join("") };
    if (character === "\x03" || character === "\x04") return { interrupted: true };
    if (character === "\x7f" || character === "\b") characters = characters.slice(0, -1);
    else if (character === "\x15") characters = [];
    else if (!isControl(character)) characters.push(character);
  }
  return { line: characters.join("") };
}

/** Asks on the terminal without echo. @returns null when it was given up, or there is no terminal */
export async function askSecret(question: string): Promise<Secret | null> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return null;
  stderr.write(`${question}: `);
  stdin.setRawMode(true);
  stdin.setEncoding("utf8").resume();
  let line = "";
  try {
    return await new Promise<Secret | null>((resolve) => {
      const onData = (chunk: string): void => {
        const typed = typeInto(line, chunk);
        if ("line" in typed) {
          line = typed.line;
          return;
        }
        stdin.off("data", onData);
        resolve("done" in typed ? new Secret(typed.done) : null);
      };
      stdin.on("data", onData);
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write("\n");
  }
}

/** Everything that a file descriptor gives, without a line break at its end. @throws {Error} when it can not be read */
export function secretFromDescriptor(fd: number): Secret {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(4096);
    const bytes = readSync(fd, chunk);
    if (bytes === 0) break;
    chunks.push(chunk.subarray(0, bytes));
  }
  const whole = Buffer.concat(chunks);
  const secret = new Secret(secretFromFile(whole.toString("utf8")));
  for (const chunk of [...chunks, whole]) chunk.fill(0);
  return secret;
}
