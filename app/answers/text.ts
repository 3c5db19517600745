import type { AnswerProblem, AnswerProblemCode } from "./problem.ts";

/** Largest answer file in bytes. A full one is under 2 KiB; the limit keeps a wrong file from filling memory. */
export const MAX_ANSWER_BYTES = 256 * 1024;

/** Control characters that no text file has; tab, line feed and carriage return are fine. */
// eslint-disable-next-line no-control-regex
const binary = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

export type LineIndex = (offset: number) => { line: number; column: number };

/** Turns offsets into a text into lines and columns, both counted from 1. */
export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function decode(bytes: Uint8Array): { text: string } | { code: AnswerProblemCode; message: string; line: number } {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { code: "not-text", message: "the file is UTF-16; save it as UTF-8", line: 1 };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { code: "not-text", message: "this line is not valid UTF-8; save the file as UTF-8", line: badLine(bytes) };
  }
}

/** The first line that is not valid UTF-8; a line feed byte is never part of a longer character. */
function badLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let start = 0;
  let line = 1;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    start = end + 1;
    line += 1;
  }
}

/** The text of an answer file, or why it can not be one. A byte order mark is taken off. */
export function readText(content: string | Uint8Array, file: string): { text: string } | { problem: AnswerProblem } {
  const at = (line: number, column: number, code: AnswerProblemCode, message: string): { problem: AnswerProblem } => ({
    problem: { file, line, column, path: "", code, message },
  });
  const size = typeof content === "string" ? new Blob([content]).size : content.byteLength;
  if (size > MAX_ANSWER_BYTES) {
    const limit = String(MAX_ANSWER_BYTES / 1024);
    return at(1, 1, "too-large", `the file has ${String(size)} bytes; an answer file has at most ${limit} KiB`);
  }
  const decoded = typeof content === "string" ? { text: content.replace(/^\ufeff/, "") } : decode(content);
  if (!("text" in decoded)) return at(decoded.line, 1, decoded.code, decoded.message);
  const { text } = decoded;
  const control = text.search(binary);
  if (control >= 0) {
    const { line, column } = lineIndex(text)(control);
    return at(line, column, "not-text", "this is a control character; the file is not a text file");
  }
  return { text };
}
