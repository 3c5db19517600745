import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { keymapName, LATIN_LAYOUT, makeKeymap, type Keymaps } from "../../app/keymaps.ts";
import { image } from "../image.ts";
import { runInTree } from "../lib/chroot.ts";
import { makeFolder, putFile } from "../lib/files.ts";
import type { Stage } from "../lib/pipeline.ts";

const KEYMAPS = "usr/share/silvermetal/keymaps";

/** The keymaps stay uncompressed: loadkeys would start gzip, which the initrd does not have. */
function script(): string {
  const keymaps = image.keymaps.map(({ layout, variant }) => {
    const words = [layout, ...(variant === null ? [] : [variant])].join(" ");
    return `ckbcomp ${words} 2>/dev/null > /mnt/out/${KEYMAPS}/${keymapName(layout, variant)}.kmap`;
  });
  const locales = image.locales.map(
    (name) => `localedef --no-archive --prefix=/mnt/out -i ${name} -f UTF-8 ${name}.UTF-8`,
  );
  return ["set -eu", ...keymaps, ...locales].join("\n");
}

/** Console keymaps for the boot prompt, what each can type, and compiled locales. */
export const text: Stage = {
  name: "text",
  title: "compile keymaps and locales",
  needs: ["tools"],
  code: ["stages/20-text.ts", "../app/keymaps.ts", "../app/keysyms.ts"],
  inputs: async () => ({ keymaps: image.keymaps.map((keymap) => ({ ...keymap })), locales: image.locales }),
  run: async (job) => {
    await makeFolder(join(job.out, KEYMAPS));
    await makeFolder(join(job.out, "usr/lib/locale"));
    const mounts = [{ at: "/mnt/out", from: job.out, writable: true }];
    await runInTree(join(job.from("tools"), "tree"), "sh", ["-c", script()], { mounts, onLine: job.onLine });
    const keymaps: Keymaps = {};
    const compiled = (name: string): string => join(job.out, KEYMAPS, `${name}.kmap`);
    const latin = await readFile(compiled(LATIN_LAYOUT), "utf8");
    for (const { layout, variant } of image.keymaps) {
      const name = keymapName(layout, variant);
      const keymap = makeKeymap(layout, variant, await readFile(compiled(name), "utf8"), latin);
      keymaps[name] = keymap;
      // The boot prompt must not have it: nobody could type the passphrase.
      if (keymap.latin !== null) await rm(compiled(name));
    }
    await putFile(join(job.out, `${KEYMAPS}.json`), `${JSON.stringify(keymaps, null, 1)}\n`, job.project.epoch);
    return { facts: { keymaps: image.keymaps.length, locales: image.locales.length } };
  },
};
