import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { firmwareCode, firmwareTemplate } from "./firmware-files.ts";
import { cacheDir, toolsTree } from "./paths.ts";
import { sh } from "./sh.ts";

export type Accel = "kvm" | "tcg";
const Cached = z.strictObject({ key: z.string(), accel: z.enum(["kvm", "tcg"]), why: z.string() });

/** Seconds that a working KVM has to reach the kernel; it needs about two. */
const PROBE_SECONDS = 20;

function aKernel(): string | null {
  const boot = join(toolsTree, "boot");
  const name = existsSync(boot) ? readdirSync(boot).find((entry) => entry.startsWith("vmlinuz-")) : undefined;
  return name === undefined ? null : join(boot, name);
}

/**
 * Boots the firmware and, where the build has one, a Debian kernel without a root file system. Only a kernel
 * that comes up to its own panic proves KVM: there are hosts where the device exists and guests die at once.
 */
function bootsUnderKvm(kernel: string | null, folder: string): Promise<boolean> {
  const good = kernel === null ? /BdsDxe|UEFI Interactive Shell|No bootable/ : /Kernel panic|Unable to mount root/;
  const vars = join(folder, "vars.fd");
  writeFileSync(vars, readFileSync(firmwareTemplate("off")));
  const args = [
    "-nodefaults",
    "-no-reboot",
    "-machine",
    "q35,smm=on",
    "-accel",
    "kvm",
    "-cpu",
    "host",
    "-m",
    "512",
    "-display",
    "none",
    "-serial",
    "stdio",
    "-drive",
    `if=pflash,unit=0,format=raw,readonly=on,file=${firmwareCode()}`,
    "-drive",
    `if=pflash,unit=1,format=raw,file=${vars}`,
    ...(kernel === null ? [] : ["-kernel", kernel, "-append", "console=ttyS0 panic=-1"]),
  ];
  return new Promise((resolve) => {
    const child = spawn("qemu-system-x86_64", args, { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    const timer = setTimeout(() => child.kill("SIGKILL"), PROBE_SECONDS * 1000);
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (good.test(text)) child.kill("SIGKILL");
    });
    child.on("error", () => {
      resolve(false);
    });
    child.on("close", () => {
      clearTimeout(timer);
      resolve(good.test(text));
    });
  });
}

async function probe(kernel: string | null): Promise<{ accel: Accel; why: string }> {
  if (!existsSync("/dev/kvm")) return { accel: "tcg", why: "there is no /dev/kvm" };
  const folder = mkdtempSync(join(tmpdir(), "silver-kvm-"));
  try {
    const works = await bootsUnderKvm(kernel, folder);
    return works
      ? { accel: "kvm", why: "a guest booted" }
      : { accel: "tcg", why: `/dev/kvm is there, but a guest did not boot in ${String(PROBE_SECONDS)} s` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let decided: Promise<{ accel: Accel; why: string }> | undefined;

/**
 * Whether virtual machines can use KVM here, found by booting one (once; the answer is kept in .cache/vm until
 * the kernel, QEMU or /dev/kvm changes). `SILVERMETAL_ACCEL=kvm|tcg` decides by hand.
 */
export function accel(): Promise<{ accel: Accel; why: string }> {
  decided ??= decide();
  return decided;
}

async function decide(): Promise<{ accel: Accel; why: string }> {
  const forced = process.env["SILVERMETAL_ACCEL"];
  if (forced === "kvm" || forced === "tcg") return { accel: forced, why: "SILVERMETAL_ACCEL says so" };
  const kernel = aKernel();
  const device = existsSync("/dev/kvm") ? String(statSync("/dev/kvm").rdev) : "none";
  const version = (await sh("qemu-system-x86_64", ["--version"])).stdout.split("\n")[0] ?? "";
  const key = [release(), version, device, kernel === null ? "firmware" : "kernel"].join("|");
  const file = join(cacheDir, "accel.json");
  if (existsSync(file)) {
    const cached = Cached.safeParse(JSON.parse(readFileSync(file, "utf8")));
    if (cached.success && cached.data.key === key) return { accel: cached.data.accel, why: cached.data.why };
  }
  const found = await probe(kernel);
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ key, ...found })}\n`);
  return found;
}

/** Time limits are written for KVM; software emulation on two busy cores gets this many times more. */
export async function slowness(): Promise<number> {
  return (await accel()).accel === "kvm" ? 1 : 5;
}
