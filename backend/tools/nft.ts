import type { Exec } from "../exec.ts";

/** Loads rules in one step: all of them, or none. @throws {InstallError} `tool-failed` */
export async function loadRules(exec: Exec, rules: string): Promise<void> {
  await exec("nft", ["-f", "-"], { stdin: rules });
}

/** Whether the kernel has a table, named by its family and name. */
export async function hasTable(exec: Exec, table: string): Promise<boolean> {
  const { code } = await exec("nft", ["list", "table", ...table.split(" ")], { okCodes: [0, 1] });
  return code === 0;
}
