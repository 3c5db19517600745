import { expect, test } from "../fixtures.ts";
import { installUnattended, secrets, untilUnlockedByTpm } from "../journey.ts";
import { printStore } from "../vm/firmware.ts";
import { boot, rootShell, unlockWith } from "./attacks/victim.ts";
import { powerOff, untilBound } from "./silver-trust.ts";

test("owner-keys: a computer in Setup Mode gets our keys, and binds the disk once Secure Boot is on", async ({
  vm,
}) => {
  const run = await test.step("install", () =>
    installUnattended({
      dir: vm.dir,
      start: (spec) => vm.start(spec),
      limit: (seconds) => vm.limit(seconds),
      answers: { secureBoot: { enroll: "owner-keys" } },
      machine: { firmware: "setup" },
    }));
  expect(run.result).toMatchObject({ outcome: "installed", tpm2: false, enrolment: "owner-keys" });
  expect(run.result.notices.map(({ code }) => code)).toEqual(["tpm-bound-later"]);
  const store = await printStore(run.vars);
  for (const name of ["PK", "KEK", "db"]) expect(store, name).toMatch(new RegExp(`\\b${name}\\b`));

  await test.step("Secure Boot is on: one start with the passphrase binds the disk", async () => {
    const machine = await boot(vm, run, "first");
    await unlockWith(vm, machine, secrets.passphrase);
    const shell = await rootShell(vm, machine);
    expect(await untilBound(vm, shell, secrets.passphrase)).toMatchObject({ secureBoot: "enabled", key: "db" });
    expect(await shell.ok("mokutil --db"), "what option ROMs are signed by").toMatch(
      /Microsoft Corporation UEFI CA 2011/,
    );
    await powerOff(vm, machine);
  });
  await test.step("the next start", async () => {
    const machine = await boot(vm, run, "bound");
    await untilUnlockedByTpm(machine, vm.limit(90));
  });
});
