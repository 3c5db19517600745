import { image } from "../image.ts";

/** Arguments of mkfs.erofs that make the same image from the same files, on any machine and on any day. */
export function erofsArgs(epoch: number, uuid: string): string[] {
  return ["--quiet", ...image.erofs, `-T${epoch}`, "--all-time", `-U${uuid}`, "--workers=2"];
}
