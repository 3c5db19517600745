import { expect, test } from "../fixtures.ts";
import { answer, answerAtOnce, eraseAndInstall, secrets } from "../journey.ts";

test("from the language to the restart", async ({ wizard, dryRun, page }) => {
  const { recoveryKey } = await answer(wizard, dryRun);
  expect(recoveryKey).toMatch(/^[cbdefghijklnrtuv]{8}(-[cbdefghijklnrtuv]{8}){7}$/);
  await expect(page.getByText("Windows").first()).toBeVisible();
  await eraseAndInstall(wizard, dryRun);
  await wizard.at("done");
  await wizard.button("done:restart").click();
  await expect.poll(async () => (await dryRun.state()).power).toBe("reboot");
});

test("no secret is left in the page, in its storage or in what it is told", async ({ wizard, dryRun, page }) => {
  const told: string[] = [];
  page.on("response", (response) => {
    if (response.request().method() === "POST")
      void response.text().then(
        (text) => told.push(text),
        () => undefined,
      );
  });
  const { recoveryKey } = await answer(wizard, dryRun);
  const left = await page.evaluate(() => [
    document.documentElement.outerHTML,
    ...[...document.querySelectorAll("input")].map(({ value }) => value),
    JSON.stringify(localStorage),
    JSON.stringify(sessionStorage),
    location.href,
  ]);
  const snapshot = JSON.stringify(await dryRun.request("session/get", {}));
  for (const secret of Object.values(secrets)) {
    expect(left.join("\n")).not.toContain(secret);
    expect(snapshot + told.join("\n")).not.toContain(secret);
  }
  expect(left.join("\n")).not.toContain(recoveryKey.slice(0, 8));
  expect(snapshot).not.toContain(recoveryKey.slice(0, 8));
});

test("a page that is loaded again is where it was, with every answer", async ({ wizard, dryRun, page }) => {
  await answer(wizard, dryRun, { until: "account" });
  await wizard.field("account:fullName").fill("Anna Test");
  await wizard.field("account:hostname").fill("silver-desk");
  await expect.poll(async () => (await dryRun.request("session/get", {})).choices.hostname).toBe("silver-desk");
  await page.reload();
  await wizard.at("account");
  await expect(wizard.field("account:fullName")).toHaveValue("Anna Test");
  await expect(wizard.field("account:hostname")).toHaveValue("silver-desk");
});

test("back and forward keep the answers", async ({ wizard, dryRun }) => {
  await answer(wizard, dryRun, { until: "recovery-key" });
  await wizard.back();
  await wizard.at("encryption");
  await expect(wizard.page.getByText(wizard.text("encryption:passphrase.set"))).toBeVisible();
  await wizard.next();
  await wizard.at("recovery-key");
});

test("a wrong confirmation erases nothing", async ({ wizard, dryRun, page }) => {
  await answerAtOnce(wizard, dryRun);
  await wizard.field("review:confirm.label").fill("nope");
  // It can be reached and pressed, and then says why it does nothing.
  await wizard.eraseButton().focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText(wizard.text("review:confirm.wrong"))).toBeVisible();
  expect((await dryRun.request("session/get", {})).phase).toBe("reviewing");
});

test("the whole wizard by keyboard alone", async ({ wizard, dryRun, page }) => {
  test.slow();
  /** Presses Tab until the element has the focus. */
  const tabTo = async (what: ReturnType<typeof page.locator>): Promise<void> => {
    await what.first().waitFor();
    for (let presses = 0; presses < 80; presses++) {
      if (await what.first().evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error("the element can not be reached with Tab");
  };
  const type = async (key: string, text: string): Promise<void> => {
    await tabTo(wizard.field(key));
    await page.keyboard.type(text);
  };
  for (const step of ["welcome", "keyboard", "check", "network"] as const) {
    await wizard.at(step);
    await tabTo(step === "network" ? wizard.button("network:skip") : wizard.button("common:next"));
    await page.keyboard.press("Enter");
  }
  await wizard.at("disk");
  const radios = page.getByRole("radiogroup").getByRole("radio", { disabled: false });
  await tabTo(radios);
  await page.keyboard.press("Space");
  await tabTo(wizard.button("common:next"));
  await page.keyboard.press("Enter");
  await wizard.at("encryption");
  await type("encryption:passphrase.label", secrets.passphrase);
  await type("encryption:passphrase.repeat", secrets.passphrase);
  await type("encryption:pin.label", secrets.pin);
  await type("encryption:pin.repeat", secrets.pin);
  await tabTo(wizard.button("common:next"));
  await page.keyboard.press("Enter");
  await wizard.at("recovery-key");
  const groups = await dryRun.request("recovery/show", {});
  await tabTo(wizard.button("recovery-key:keep"));
  await page.keyboard.press("Enter");
  const asked = await wizard.askedGroup();
  await tabTo(page.getByRole("textbox"));
  await page.keyboard.type(groups[asked - 1] ?? "");
  await tabTo(wizard.button("common:next"));
  await page.keyboard.press("Enter");
  await wizard.at("account");
  await type("account:fullName", "Anna Test");
  await type("account:password.label", secrets.password);
  await type("account:password.repeat", secrets.password);
  await tabTo(wizard.button("common:next"));
  await page.keyboard.press("Enter");
  await wizard.at("review");
  const { choices } = await dryRun.request("session/get", {});
  expect(choices.userName).not.toBe("");
  await tabTo(wizard.field("review:confirm.label"));
  await page.keyboard.type((choices.disk?.serial ?? choices.disk?.model ?? "").slice(-4));
  await tabTo(wizard.eraseButton());
  await page.keyboard.press("Enter");
  await wizard.at("done");
});
