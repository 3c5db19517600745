import { expect, test } from "../fixtures.ts";
import { answer, eraseAndInstall } from "../journey.ts";

test("a computer without TPM is installed with the passphrase alone, and says why", async ({
  wizard,
  dryRun,
  page,
}) => {
  await dryRun.machine("no-tpm");
  await wizard.at("welcome");
  const encryption = async (): Promise<void> => {
    await expect(page.getByText(wizard.text("encryption:unlock.reasons.absent")).first()).toBeVisible();
    await expect(wizard.radio(wizard.text("encryption:unlock.modes.pin.title"))).toBeDisabled();
  };
  await answer(wizard, dryRun, { unlock: "off", onStep: { encryption } });
  await eraseAndInstall(wizard, dryRun);
  await wizard.at("done");
  await expect(page.getByText(wizard.text("done:boot.passphrase.title"))).toBeVisible();
});

test("a TPM in lockout is told, with ways on", async ({ wizard, dryRun, page }) => {
  await dryRun.machine("tpm-lockout");
  await wizard.at("welcome");
  await answer(wizard, dryRun, { until: "check" });
  const { facts } = await dryRun.request("session/get", {});
  expect(facts?.tpm.lockout?.inLockout).toBe(true);
  const buttons = await page.locator("form").getByRole("button").count();
  expect(buttons, "ways on besides back, look again and continue").toBeGreaterThan(3);
});

test("without Secure Boot the last page says how to turn it on", async ({ wizard, dryRun, page }) => {
  await dryRun.machine("secure-boot-off");
  await wizard.at("welcome");
  await answer(wizard, dryRun, { unlock: "off" });
  await expect(page.getByText(wizard.text("review:notices.secure-boot-off"))).toBeVisible();
  await eraseAndInstall(wizard, dryRun);
  await wizard.at("done");
  await expect(page.getByText(wizard.text("done:secureBootOff.title"))).toBeVisible();
});

test("a computer without our key shows the one-time password and the blue screens of the next start", async ({
  wizard,
  dryRun,
  page,
}) => {
  await dryRun.machine("microsoft-keys");
  await wizard.at("welcome");
  await answer(wizard, dryRun);
  await expect(page.getByText(wizard.text("review:jobs.enroll.title"))).toBeVisible();
  await eraseAndInstall(wizard, dryRun);
  await wizard.at("done");
  const password = await dryRun.request("mok/show", {});
  await expect(page.getByText(password, { exact: true }), "seen before a restart loses it").toBeInViewport();
  const screens = page.getByRole("img", { name: wizard.text("done:mok.screen", { title: "" }).trim() });
  await expect(screens).toHaveCount(5);
  for (const screen of await screens.all()) {
    const clipped = await screen.evaluate((element) => element.scrollWidth > element.clientWidth);
    expect(clipped, "a blue screen is cut off").toBe(false);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await page.reload();
  await expect(page.getByText(password, { exact: true }), "the same after the window was started again").toBeVisible();
});

test("a disk that is too small can not be chosen and says what is missing", async ({ wizard, dryRun, page }) => {
  await dryRun.machine("tiny-disk");
  await wizard.at("welcome");
  await answer(wizard, dryRun, { until: "check" });
  await expect(wizard.button("common:next"), "the check stops before questions that lead nowhere").toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await dryRun.request("session/update", { step: "disk" });
  await wizard.at("disk");
  await expect(page.getByRole("radio").first()).toBeDisabled();
  await expect(wizard.button("disk:refresh")).toBeVisible();
});

test("twins are told apart by serial number, and the chosen one is named to the end", async ({
  wizard,
  dryRun,
  page,
}) => {
  await dryRun.machine("twin-nvme");
  await wizard.at("welcome");
  await answer(wizard, dryRun, { disk: "2238E66A91B7" });
  const { choices } = await dryRun.request("session/get", {});
  expect(choices.disk).toMatchObject({ serial: "2238E66A91B7", path: "/dev/nvme1n1" });
  await expect(page.getByText("2238E66A91B7").first()).toBeVisible();
  await eraseAndInstall(wizard, dryRun);
  await wizard.at("done");
});

test("a disk with 4096-byte sectors is installed", async ({ wizard, dryRun }) => {
  await dryRun.machine("sector-4k");
  await wizard.at("welcome");
  await answer(wizard, dryRun);
  await eraseAndInstall(wizard, dryRun);
  await wizard.at("done");
});

test("an empty battery is told before the disk is erased", async ({ wizard, dryRun, page }) => {
  await dryRun.machine("battery-low");
  await wizard.at("welcome");
  await answer(wizard, dryRun, { until: "check" });
  const { facts } = await dryRun.request("session/get", {});
  expect(facts?.power.onBattery).toBe(true);
  await expect(page.locator("form")).toContainText(String(facts?.power.batteryPercent));
});

test("hostile labels are text, and nothing else", async ({ wizard, dryRun, page }) => {
  await dryRun.machine("hostile-labels");
  await wizard.at("welcome");
  await answer(wizard, dryRun, { until: "disk" });
  expect(await page.locator("form script, form img[src], form iframe, form b").count()).toBe(0);
  const text = await page.locator("form").innerText();
  expect(text, "bidi overrides and control characters").not.toMatch(/[\u202a-\u202e]|(?![\n\t])\p{Cc}/u);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});
