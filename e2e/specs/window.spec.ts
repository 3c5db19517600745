import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test, type VmFactory } from "../fixtures.ts";
import { liveDrive } from "../journey.ts";
import type { Machine } from "../vm/machine.ts";
import { paintedShare } from "../vm/screen.ts";
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
