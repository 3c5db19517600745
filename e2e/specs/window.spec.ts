import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test, type VmFactory } from "../fixtures.ts";
import { liveDrive } from "../journey.ts";
import type { Machine } from "../vm/machine.ts";
import { paintedShare } from "../vm/screen.ts";
import { crash, wizardOf } from "./graphical.ts";
import { qaLive } from "./live.ts";

/** Seconds with KVM for firmware, live system, Chromium and the first page. */
const START = 180;

/** Waits until the machine's screen shows more than a terminal or an empty window; keeps it as screen.png. */
async function untilPainted(vm: VmFactory, machine: Machine): Promise<void> {
  const share = async () => {
    await machine.qmp.command("screendump", { filename: vm.path("screen.ppm") });
    return paintedShare(readFileSync(vm.path("screen.ppm")));
  };
  await expect.poll(share, { timeout: vm.limit(START), intervals: [2000] }).toBeGreaterThan(0.2);
  await machine.qmp.screenshot(vm.path("screen.png"));
}

/** The processes of Chromium that run pages, each with what keeps it in. */
const sandboxes = `for pid in $(pgrep -u silver-ui -f -- --type=renderer); do
  [ "$(readlink /proc/$pid/ns/user)" != "$(readlink /proc/1/ns/user)" ] && grep -q "^Seccomp:.2" /proc/$pid/status && echo in || echo OUT
done`;
/** The layout that the compositor reads keys by. */
const layout = `runuser -u silver-ui -- env SWAYSOCK=$(ls /run/user/*/sway-ipc.*.sock) swaymsg -t get_inputs |
  sed -nE 's/.*"xkb_active_layout_name": "([^"]*)".*/\\1/p' | sort -u`;

/** On the keyboard step: keys type by the layout just chosen, and the ones that change the terminal do nothing. */
async function checkKeys(vm: VmFactory, machine: Machine, page: Page): Promise<void> {
  const field = page.getByRole("textbox", { name: "Try it out" });
  await page.getByRole("option", { name: "German", exact: true }).click({ timeout: vm.limit(30) });
  await field.click({ timeout: vm.limit(30) });
  await expect.poll(() => machine.guest.ok(layout), { timeout: vm.limit(30) }).toBe("German");
  await machine.qmp.press("z");
  await expect(field).toHaveValue("y", { timeout: vm.limit(30) });
  await machine.qmp.press("ctrl", "alt", "f2");
  await machine.qmp.press("z");
  await expect(field).toHaveValue("yy", { timeout: vm.limit(30) });
  expect(await machine.guest.ok("cat /sys/class/tty/tty0/active")).toBe("tty1");
}

const SPEECH_LOG = "/run/user/$(id -u silver-ui)/speech-dispatcher/log/speech-dispatcher.log";
/** Lets speech-dispatcher log what it is given to say. */
const logSpeech = `folder=/run/silver-ui/.config/speech-dispatcher
mkdir -p $folder && cp -r /etc/speech-dispatcher/. $folder
sed -i 's/^LogLevel.*/LogLevel 5/' $folder/speechd.conf && chown -R silver-ui: /run/silver-ui/.config`;

/** The switch in the accessibility menu and the shortcut start Orca, which says what has the focus. */
async function checkScreenReader(vm: VmFactory, machine: Machine, page: Page): Promise<void> {
  const timeout = vm.limit(60);
  const running = async () => (await machine.guest.run("pgrep -u silver-ui -x orca")).code === 0;
  const said = async () => (await machine.guest.run(`grep -a "New buf" ${SPEECH_LOG} | sed 's/<[^>]*>//g'`)).stdout;
  await machine.guest.ok(logSpeech);
  await page.getByRole("button", { name: "Accessibility" }).click({ timeout });
  // Chromium is started again, so that the page can be read.
  const closed = page.waitForEvent("close", { timeout });
  await page.getByRole("dialog").locator("label", { hasText: "Screen reader" }).click({ timeout });
  await closed;
  await expect.poll(running, { timeout }).toBe(true);
  await expect.poll(said, { timeout }).toContain("Screen reader on");
  const wizard = await wizardOf(vm, machine);
  // It says that it is on a while before it listens.
  const move = async () => {
    await wizard.button("common:back").focus();
    await wizard.button("common:next").focus();
    return said();
  };
  await expect.poll(move, { timeout, intervals: [5000] }).toContain(`${wizard.text("common:next")} button`);
  for (const on of [false, true]) {
    await machine.qmp.press("alt", "shift", "s");
    await expect.poll(running, { timeout }).toBe(on);
  }
}

/** What starts the window again is killed itself: the unit begins anew, with the same step. */
async function checkSessionCrash(vm: VmFactory, machine: Machine, step: string): Promise<void> {
  await crash(machine, "^/bin/sh /usr/libexec/silvermetal/kiosk-session");
  const { page } = await wizardOf(vm, machine);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(step, { timeout: vm.limit(30) });
  expect(await machine.guest.ok("systemctl show -P NRestarts silver-kiosk.service")).toBe("1");
}

test("window: the QA image shows the installer and lets Playwright drive it", async ({ vm }) => {
  const machine = await qaLive(vm, { installerWindow: true });
  const page = await machine.page(vm.limit(START));
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toBeVisible({ timeout: vm.limit(60) });
  await untilPainted(vm, machine);
  const first = (await heading.textContent()) ?? "";
  await page.getByRole("button", { name: "Continue" }).click({ timeout: vm.limit(30) });
  await expect(heading, "the next step").not.toHaveText(first, { timeout: vm.limit(30) });
  await checkKeys(vm, machine, page);

  expect(await machine.guest.ok(sandboxes), "every renderer is in its sandbox").toMatch(/^in(\nin)*$/);
  const listening = await machine.guest.ok("ss -Htlnp | sed -E 's/.*users:..\"([a-z]+).*/\\1/' | sort");
  expect(listening, "nothing but the tests' own way in").toBe("chromium\nnode");
  const step = (await heading.textContent()) ?? "";
  await test.step("screen reader", () => checkScreenReader(vm, machine, page));
  await test.step("the session crashes", () => checkSessionCrash(vm, machine, step));
  expect(await machine.guest.ok("systemctl --failed --no-legend --plain")).toBe("");
});

test("window: a release image shows it on a machine that trusts Microsoft alone, and opens no way in @ci", async ({
  vm,
}) => {
  const machine = await vm.start({
    name: "release",
    firmware: "microsoft",
    tpm: null,
    drives: [liveDrive()],
    // The same credentials that open the QA image.
    qa: true,
    installerWindow: true,
  });
  await untilPainted(vm, machine);
  await expect(machine.guest.ready(vm.limit(10)), "the root shell").rejects.toThrow("not within");
  await expect(machine.page(vm.limit(10)), "DevTools").rejects.toThrow("not within");
});
