import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Answers } from "../../app/answers/schema.ts";
import { realPlaces } from "../jobs/context.ts";
import { fakeExec } from "../testing/fake-exec.ts";
import { readCatalogue } from "./catalogue.ts";

test("every locale that is offered can stand in an answer file", async () => {
  const liveRoot = mkdtempSync(join(tmpdir(), "silver-catalogue-"));
  const keymaps = join(liveRoot, "keymaps.json");
  writeFileSync(keymaps, "{}");
  mkdirSync(join(liveRoot, "usr/share/zoneinfo"), { recursive: true });
  writeFileSync(join(liveRoot, "usr/share/zoneinfo/tzdata.zi"), "Z Europe/Berlin 0:53:28 - LMT 1893 Ap\n");
  const exec = fakeExec([{ program: "locale", stdout: "C\nC.utf8\nPOSIX\nde_DE.utf8\nen_US.utf8\n" }]);
  const { locales } = await readCatalogue(exec, { ...realPlaces, keymaps, liveRoot });
  expect(locales).toEqual(["de_DE.UTF-8", "en_US.UTF-8"]);
  for (const locale of locales) expect(Answers.shape.locale.safeParse(locale).success).toBe(true);
});
