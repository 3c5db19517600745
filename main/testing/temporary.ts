import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new folder for one test file, and how to remove it. */
export function temporaryFolder(): { readonly path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "silver-main-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
