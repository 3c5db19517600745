import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the tests of one run a folder for temporary files, and removes it with all they left there. */
export default function temporary(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "silver-test-"));
  // The shells run as another user, in folders below this one.
  chmodSync(folder, 0o711);
  process.env["TMPDIR"] = folder;
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
