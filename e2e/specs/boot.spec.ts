import { InstallResult } from "../../app/events.ts";
import { product } from "../../app/product.ts";
import { expect, test } from "../fixtures.ts";
import { answerDrive, answerFile, liveDrive, secrets } from "../journey.ts";
import { answerMedium, type MediumType, readMedium } from "../vm/answer-medium.ts";
import type { Bus } from "../vm/command-line.ts";

interface Start {
  readonly title: string;
  readonly bus: Bus;
  readonly answers: MediumType;
}

/** On machines that trust Microsoft alone. Other firmware states and a CD in a USB drive are in install.spec.ts. */
const starts: readonly Start[] = [
  { title: "a CD starts, and reads answers from ISO 9660", bus: "cd", answers: "iso9660" },
  { title: "a USB stick starts, and leaves its result on ext4", bus: "usb", answers: "ext4" },
];

async function kindOnMedium(path: string, type: Exclude<MediumType, "iso9660">): Promise<string | undefined> {
  const text = await readMedium(path, product.resultFile, type);
  return text === null ? undefined : InstallResult.parse(JSON.parse(text)).error?.kind;
}

/**
 * Starts the live medium on a machine without disks. The engine's greeting shows that everything up to
 * it started; the refusal that follows shows that it also works.
 */
for (const { title, bus, answers } of starts) {
  test(`live: ${title}`, async ({ vm }) => {
    const encryption = { passphrase: secrets.passphrase, tpm2: "off", recoveryKey: "none" } as const;
    const files = { [product.answerFile]: await answerFile({ encryption, secureBoot: { password: "27182818" } }) };
    const medium = await answerMedium(vm.path("answers.img"), files, answers);
    const readOnly = answers === "iso9660";
    const machine = await vm.start({
      name: "live",
      firmware: "microsoft",
      tpm: null,
      drives: [liveDrive(bus), { ...answerDrive(medium), readOnly }],
    });
    const hello = await machine.events.waitFor("hello", vm.limit(180));
    expect(hello.version).toMatch(/^\d/);
    const failures = () => machine.events.all.flatMap((event) => (event.event === "failed" ? [event.error.kind] : []));
    await expect.poll(failures, { timeout: vm.limit(60) }).toEqual(["no-disk"]);
    const notices = machine.events.all.flatMap((event) => (event.event === "notice" ? [event.code] : []));
    expect(notices.includes("result-not-kept"), "says that the medium can not be written").toBe(readOnly);
    if (answers !== "iso9660") {
      // Not poll(), which gives up when the medium is read while the guest is writing to it.
      await expect(async () => {
        expect(await kindOnMedium(medium, answers)).toBe("no-disk");
      }).toPass({ timeout: vm.limit(30) });
    }
  });
}
