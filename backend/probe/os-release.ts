import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Places } from "../jobs/context.ts";

/** The running release's version from os-release(5). */
export async function readOsVersion(places: Places): Promise<string> {
  const text = await readFile(join(places.liveRoot, "etc/os-release"), "utf8").catch(() => "");
  const field = (name: string): string | undefined => new RegExp(`^${name}="?([^"\n]*)"?$`, "m").exec(text)?.[1];
  return field("IMAGE_VERSION") ?? field("VERSION_ID") ?? "unknown";
}
