import { product } from "../../app/product.ts";
import { expect, test, type VmFactory } from "../fixtures.ts";
import { type Installed, KEY_PROMPT, LOGIN_PROMPT, PIN_PROMPT, targetSerial } from "../journey.ts";
import type { Machine } from "../vm/machine.ts";
import { freshTpm } from "../vm/tpm.ts";
import { ANY_SHELL, boot, rootShell, victim } from "./attacks/victim.ts";

const pin = "604-Canary";

/** What the serial port shows up to the prompt for a key. */
async function keyPrompt(vm: VmFactory, machine: Machine): Promise<string> {
  const before = machine.serial.text.length - machine.serial.unread.length;
  await machine.serial.waitFor(KEY_PROMPT, vm.limit(90), LOGIN_PROMPT);
  return machine.serial.text.slice(before);
}

/** Binds the disk to the machine's TPM with a PIN, in the running system, and makes German its prompt's language. */
async function setPinAndGerman(vm: VmFactory, machine: Machine, system: Installed): Promise<void> {
  const shell = await rootShell(vm, machine);
  await shell.ok(
    `silver-trust change pin --key-fd 3 --new-fd 4 3<<'OLD' 4<<'NEW'\n${system.recoveryKey}\nOLD\n${pin}\nNEW`,
    vm.limit(180),
  );
  await shell.ok(
    `set -e; disk=$(blkid -t PARTLABEL=${product.luksPartitionName} -o device)
id=$(cryptsetup luksDump --dump-json-metadata $disk | node -e '
  const { tokens } = JSON.parse(require("fs").readFileSync(0, "utf8"));
  console.log(Object.keys(tokens).find((id) => tokens[id].type === "${product.bootTokenType}"))')
cryptsetup token export --token-id "$id" $disk | sed 's/"locale":"[^"]*"/"locale":"de_DE.UTF-8"/' >/run/token
cryptsetup token import --token-id "$id" --token-replace $disk </run/token; sync`,
    vm.limit(60),
  );
  machine.serial.line("systemctl poweroff");
  await machine.waitExit(vm.limit(60));
}

test("recovery: another TPM: the prompt says why, which disk and keyboard, counts wrong tries, survives Ctrl-C, takes the recovery key; with a PIN it tells the tries that are left", async ({
  vm,
}) => {
  const system = await victim(vm);
  const tpm = freshTpm(vm.path("other-tpm"));
  await test.step("another TPM", async () => {
    const machine = await boot(vm, system, "other-tpm", { tpm });
    const page = await keyPrompt(vm, machine);
    expect(page).toMatch(/The security state of this computer has changed[^]*This is another TPM/);
    expect(page).toMatch(new RegExp(`Disk: .*serial number ${targetSerial}.* GB`));
    expect(page).toContain("Keyboard: us");
    await machine.qmp.screenshot(vm.path("english.png"));
    machine.serial.line("wrong");
    expect(await keyPrompt(vm, machine)).toMatch(/Wrong so far, 1\.[^]*\[2\]/);
    await machine.qmp.type("wrong\n");
    expect(await keyPrompt(vm, machine)).toMatch(/Wrong so far, 2\.[^]*\[3\]/);
    machine.serial.write("half of it\x03");
    expect(await keyPrompt(vm, machine)).toMatch(/Wrong so far, 2\.[^]*\[3\]/);
    machine.serial.line(system.recoveryKey);
    await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90), ANY_SHELL);
    expect(machine.serial.text, "the prompt echoes nothing").not.toContain(system.recoveryKey);
    await setPinAndGerman(vm, machine, system);
  });
  await test.step("the PIN: a wrong one tells the tries that are left, the right one opens", async () => {
    const machine = await boot(vm, system, "pin", { tpm });
    await machine.serial.waitFor(PIN_PROMPT, vm.limit(90), LOGIN_PROMPT);
    await machine.qmp.screenshot(vm.path("german.png"));
    machine.serial.line("000-wrong");
    await machine.serial.waitFor(/nimmt es noch so viele falsche an, \d+\./, vm.limit(60), LOGIN_PROMPT);
    await machine.serial.waitFor(PIN_PROMPT, vm.limit(60));
    await machine.qmp.screenshot(vm.path("german-wrong.png"));
    machine.serial.line(pin);
    await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90), KEY_PROMPT);
    await machine.dispose();
  });
  await test.step("the word off turns the computer off", async () => {
    const machine = await boot(vm, system, "off", { tpm: null });
    expect(await keyPrompt(vm, machine)).toContain("Das TPM, das dieses Laufwerk öffnet, fehlt");
    machine.serial.line("off");
    await machine.waitExit(vm.limit(60));
  });
});
