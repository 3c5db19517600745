import { expect, test } from "../fixtures.ts";
import { answer, answerAtOnce, eraseAndInstall } from "../journey.ts";

for (const [job, error, left] of [
  ["partition", "disk-io", "restored"],
  ["write-root", "disk-io", "erased"],
  ["verify-root", "verify-failed", "erased"],
  ["boot", "tool-failed", "erased"],
] as const) {
  test(`a failure in ${job} keeps the answers, says what is left, and a second try succeeds`, async ({
    wizard,
    dryRun,
    page,
  }) => {
    await answerAtOnce(wizard, dryRun);
    await dryRun.fault({ what: "job", job, error });
    await eraseAndInstall(wizard, dryRun);
    await wizard.at("failure");
    await expect(page.getByText(wizard.text(`failure:disk.${left}.title`))).toBeVisible();
    await expect(page.getByText(wizard.text("failure:job", { job: wizard.text(`install:jobs.${job}`) }))).toBeVisible();
    await wizard.button("failure:retry").click();
    await wizard.at("done");
  });
}

test("a TPM that fails late leaves a system that opens with the passphrase, and says so", async ({
  wizard,
  dryRun,
  page,
}) => {
  await answerAtOnce(wizard, dryRun);
  await dryRun.fault({ what: "tpm" });
  await eraseAndInstall(wizard, dryRun);
  await wizard.at("done");
  await expect(page.getByText(wizard.text("done:tpmFailed.title"))).toBeVisible();
});

test("cancelling while the disk is written says what is lost, and is no dead end", async ({ wizard, dryRun }) => {
  await answerAtOnce(wizard, dryRun);
  await dryRun.speed(5);
  await eraseAndInstall(wizard, dryRun);
  await wizard.at("install");
  await wizard.button("install:cancel.button").click();
  await wizard.page
    .getByRole("alertdialog")
    .getByRole("button", { name: wizard.text("install:cancel.confirm") })
    .click();
  await dryRun.speed(500);
  await wizard.page.getByRole("heading", { level: 1, name: wizard.text("failure:cancelledTitle") }).waitFor();
  await wizard.button("failure:retry").click();
  await wizard.at("done");
});

test("the installation goes on while the page is loaded again", async ({ wizard, dryRun, page }) => {
  await answerAtOnce(wizard, dryRun);
  await dryRun.speed(10);
  await eraseAndInstall(wizard, dryRun);
  await wizard.at("install");
  await page.reload();
  await wizard.at("install");
  await dryRun.speed(1000);
  await wizard.at("done");
});

for (const what of ["unplug", "replace"] as const) {
  test(`a chosen disk that is gone (${what}) is chosen no more`, async ({ wizard, dryRun }) => {
    await answer(wizard, dryRun, { until: "encryption" });
    const { choices } = await dryRun.request("session/get", {});
    expect(choices.disk).not.toBeNull();
    await dryRun.fault({ what, disk: choices.disk?.path ?? "" });
    await expect.poll(async () => (await dryRun.request("session/get", {})).choices.disk).toBeNull();
    await wizard.back();
    await wizard.at("disk");
    await expect(wizard.page.getByRole("radio", { checked: true })).toHaveCount(0);
  });
}

test("what can not be saved is told", async ({ wizard, dryRun, page }) => {
  await answer(wizard, dryRun, { until: "recovery-key" });
  await dryRun.fault({ what: "save" });
  await wizard.button("recovery-key:save.title").click();
  const dialog = page.getByRole("dialog");
  const media = dialog.getByRole("radiogroup").locator("label");
  if ((await media.count()) > 1) await media.first().click();
  await dialog.getByRole("button", { name: wizard.text("saving:save"), exact: true }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await dialog.getByRole("button", { name: wizard.text("saving:save"), exact: true }).click();
  await expect(dialog.getByRole("status")).toBeVisible();
  expect((await dryRun.state()).files.length).toBeGreaterThan(0);
});
