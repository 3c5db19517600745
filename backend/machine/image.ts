import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "../../app/errors.ts";
import { ImageManifest } from "../../app/image.ts";
import { MiB } from "../../app/product.ts";
import type { Exec } from "../exec.ts";
import { espSource } from "../jobs/boot/index.ts";
import { wrongFiles } from "../jobs/boot/esp-files.ts";
import type { Places } from "../jobs/context.ts";
import { deviceSizes } from "../tools/blockdev.ts";
import { readThrough } from "../tools/dd.ts";
import { signatureIsGood } from "../tools/openssl.ts";

const corrupt = (message: string, details: Record<string, string | string[]> = {}): InstallError =>
  new InstallError("image-corrupt", message, details);

async function mediumFile(places: Places, name: string): Promise<Buffer> {
  const path = join(places.medium, "silver", name);
  return readFile(path).catch((cause: unknown) => {
    throw new InstallError("image-missing", `The installation medium has no ${name}`, { path }, { cause });
  });
}

/**
 * Reads the medium's manifest and checks that the release key has signed these very bytes.
 * @throws {InstallError} `image-missing` or `image-corrupt`
 */
export async function loadManifest(exec: Exec, places: Places): Promise<ImageManifest> {
  const content = await mediumFile(places, "image.json");
  const signature = await mediumFile(places, "image.json.p7s");
  if (!(await signatureIsGood(exec, content, signature, join(places.keys, "release.pem")))) {
    throw corrupt("The installation medium's manifest is not signed by the release key");
  }
  try {
    return ImageManifest.parse(JSON.parse(content.toString("utf8")));
  } catch (cause) {
    throw new InstallError("image-corrupt", "The installation medium's manifest can not be understood", {}, { cause });
  }
}

/**
 * Checks that the running system is the signed image, that its partition is whole, and the boot files' hashes.
 * @throws {InstallError} `image-missing` or `image-corrupt`
 */
export async function checkMedium(exec: Exec, places: Places, manifest: ImageManifest): Promise<void> {
  const cmdline = await readFile(places.cmdline, "utf8");
  const running = /(?:^|\s)roothash=([0-9a-fA-F]+)/.exec(cmdline)?.[1]?.toLowerCase() ?? "";
  if (running !== manifest.root.rootHash) throw corrupt("The running system is not the signed image", { running });
  const device = `/dev/disk/by-partuuid/${manifest.root.partitionUuid}`;
  const [size = 0] = await deviceSizes(exec, device).catch((cause: unknown) => {
    throw new InstallError("image-missing", "The system image's partition is not there", { device }, { cause });
  });
  if (size < manifest.root.bytes) throw corrupt("The system image's partition is cut off", { device });
  const tail = Math.floor((manifest.root.bytes - 1) / MiB) * MiB;
  await readThrough(exec, device, tail, manifest.root.bytes - tail).catch((cause: unknown) => {
    throw new InstallError("image-corrupt", "The end of the system image can not be read", { device }, { cause });
  });
  const wrong = await wrongFiles(espSource(places.medium), manifest.esp);
  if (wrong.length > 0) throw corrupt("Boot files on the medium are not what was signed", { wrong });
}
