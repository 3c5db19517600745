import type * as z from "zod";
import type { Answers } from "../../app/answers/schema.ts";
import { InstallResult } from "../../app/events.ts";
import { Facts } from "../../app/facts.ts";
import { GiB } from "../../app/product.ts";
import type { VmFactory } from "../fixtures.ts";
import { answerFile, liveDrive } from "../journey.ts";
import type { Drive } from "../vm/command-line.ts";
import { emptyDisk } from "../vm/disks.ts";
import type { Machine, MachineSpec } from "../vm/machine.ts";
import { qaBootDisk } from "../vm/qa.ts";
import { freshTpm } from "../vm/tpm.ts";

/** Boots the QA image beside the medium to a root shell in the live system; the installer does not start by itself. */
export async function qaLive(vm: VmFactory, spec: Partial<MachineSpec> = {}, iso?: string): Promise<Machine> {
  const medium = { ...liveDrive(), ...(iso === undefined ? {} : { path: iso }), bootIndex: 9 };
  const boot: Drive = {
    id: "qa-boot",
    bus: "usb",
    path: await qaBootDisk(vm.path("qa-boot.img")),
    format: "raw",
    bootIndex: 0,
  };
  const machine = await vm.start({
    name: "live",
    firmware: "owner",
    tpm: freshTpm(vm.path("tpm")),
    qa: true,
    ...spec,
    drives: [boot, medium, ...(spec.drives ?? [])],
  });
  await machine.guest.ready(vm.limit(180));
  await machine.guest.ok("systemctl start silver-medium.service", {
    timeoutMs: vm.limit(60),
  });
  return machine;
}

/** A drive that can be plugged into a running machine. */
export async function plugged(vm: VmFactory, id: string, bytes = 24 * GiB, extra: Partial<Drive> = {}): Promise<Drive> {
  const path = await emptyDisk(vm.path(`${id}.qcow2`), bytes);
  return { id, bus: "scsi", path, format: "qcow2", serial: id, ...extra };
}

export type Changes = Partial<z.input<typeof Answers>>;

export interface CliRun {
  readonly code: number;
  readonly result: InstallResult | null;
  readonly output: string;
}

const folder = "/run/qa-case";

/** Writes an answer file into the guest. @returns its path there */
export async function putAnswers(machine: Machine, text: string): Promise<string> {
  await machine.guest.ok(`rm -rf ${folder}; mkdir -m 700 ${folder}; cat >${folder}/answers.yaml`, { stdin: text });
  return `${folder}/answers.yaml`;
}

/** `silver-install run` in the live system. Events go to the machine's port. */
export async function runInstaller(vm: VmFactory, machine: Machine, answers: string): Promise<CliRun> {
  const file = await putAnswers(machine, answers);
  const ran = await machine.guest.run(`udevadm settle; silver-install run ${file}`, { timeoutMs: vm.limit(400) });
  const { stdout } = await machine.guest.run(`cat ${folder}/result.json`);
  const result = stdout === "" ? null : InstallResult.parse(JSON.parse(stdout));
  return { code: ran.code, result, output: `${ran.stdout}\n${ran.stderr}` };
}

/** Answers for an installation inside the live system, which goes on afterwards. */
export function stayingAnswers(changes: Changes = {}): Promise<string> {
  return answerFile({ onFinish: "nothing", ...changes });
}

/** What the installer sees of the machine. */
export async function factsOf(vm: VmFactory, machine: Machine): Promise<Facts> {
  const text = await machine.guest.ok("udevadm settle; silver-install probe", { timeoutMs: vm.limit(60) });
  return Facts.parse(JSON.parse(text));
}
