import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the tests of one run a folder for temporary files, and removes it with all they left there. */
export default function temporary(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "silver-test-"));
  process.env["TMPDIR"] = folder;
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
