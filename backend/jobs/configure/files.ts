import type { Answers } from "../../../app/answers/schema.ts";
import { keymapName, LATIN_TOGGLE } from "../../../app/keymaps.ts";
import { product } from "../../../app/product.ts";
import type { TrustWish } from "../../../app/trust.ts";
import type { PlanContext } from "../context.ts";

/** A file of the installed system; `link` makes a symbolic link instead. */
export interface TargetFile {
  readonly path: string;
  readonly mode?: number;
  readonly text?: string;
  readonly link?: string;
}

/** The answer's locale with its character set spelled out: glibc's bare `de_DE` is ISO 8859-1. */
export function fullLocale(locale: string): string {
  if (locale.includes(".")) return locale;
  const [name = locale, modifier] = locale.split("@");
  return `${name}.UTF-8${modifier === undefined ? "" : `@${modifier}`}`;
}

const consoleKeymap = (name: string): string => `/usr/share/silvermetal/keymaps/${name}.kmap`;

/** Replaces the script that console-setup(5) made at build time, which would load the image's own keymap. */
function consoleSetup({ keymap }: PlanContext): TargetFile {
  const text = ["#!/bin/sh", "kbd_mode -u", `loadkeys --quiet --unicode ${consoleKeymap(keymap)} >/dev/null`, ""].join(
    "\n",
  );
  return { path: "etc/console-setup/cached_setup_keyboard.sh", mode: 0o755, text };
}

/**
 * /etc/default/keyboard, keyboard(5). The Latin layout of a keyboard without Latin letters comes first, as Debian has
 * it: a login begins with the user name.
 * @param keymap of the boot prompt: the keyboard's own, or the Latin one
 */
export function keyboardFile({ layout, variant = "" }: Answers["keyboard"], keymap: string): string {
  const isOwn = keymap === keymapName(layout, variant);
  return [
    'XKBMODEL="pc105"',
    `XKBLAYOUT="${isOwn ? layout : `${keymap},${layout}`}"`,
    `XKBVARIANT="${isOwn ? variant : `,${variant}`}"`,
    `XKBOPTIONS="${isOwn ? "" : LATIN_TOGGLE}"`,
    'BACKSPACE="guess"',
    `KMAP="${consoleKeymap(keymap)}"`,
    "",
  ].join("\n");
}

/** The keyboard as a plan tells of it: `ua`, or `ua (us at the start)`. */
export function keyboardWords({ layout, variant }: Answers["keyboard"], keymap: string): string {
  const name = keymapName(layout, variant);
  return name === keymap ? name : `${name} (${keymap} at the start)`;
}

function fstab({ ids }: PlanContext): string {
  const options = "umask=0077,nosuid,nodev,noexec,noauto,x-systemd.automount,x-systemd.idle-timeout=1min";
  return ["# The initrd mounts /, /var, /home and /etc.", `PARTUUID=${ids.esp} /boot vfat ${options} 0 0`, ""].join(
    "\n",
  );
}

function hosts(hostname: string): string {
  return [
    "127.0.0.1 localhost",
    `127.0.1.1 ${hostname}`,
    "::1 localhost ip6-localhost ip6-loopback",
    "ff02::1 ip6-allnodes",
    "ff02::2 ip6-allrouters",
    "",
  ].join("\n");
}

/** For the first start with Secure Boot on, when it was off at the installation: whether the TPM is to be bound then. */
export function trustWish({ tpm2, pin }: Pick<Answers["encryption"], "tpm2" | "pin">): TargetFile {
  const wish: TrustWish = { tpm2, pin: pin !== undefined };
  return { path: product.trustFile.slice(1), text: `${JSON.stringify(wish)}\n` };
}

function serialConsole(tty: string): TargetFile {
  return {
    path: `etc/systemd/system/getty.target.wants/serial-getty@${tty}.service`,
    link: "/usr/lib/systemd/system/serial-getty@.service",
  };
}

/**
 * What the answers make of the image's /etc.
 *
 * machine-id stays as the image has it: empty. systemd then makes one on the first start and keeps it in the
 * overlay. `uninitialized` would do the same but also count as a first boot, in which systemd enables units
 * by preset, behind the image's back.
 */
export function targetFiles(ctx: PlanContext): TargetFile[] {
  const { answers, hostname } = ctx;
  const files: TargetFile[] = [
    { path: "etc/hostname", text: `${hostname}\n` },
    { path: "etc/hosts", text: hosts(hostname) },
    { path: "etc/locale.conf", text: `LANG=${fullLocale(answers.locale)}\n` },
    { path: "etc/default/keyboard", text: keyboardFile(answers.keyboard, ctx.keymap) },
    { path: "etc/vconsole.conf", link: "default/keyboard" },
    consoleSetup(ctx),
    { path: "etc/localtime", link: `/usr/share/zoneinfo/${answers.timezone}` },
    { path: "etc/fstab", text: fstab(ctx) },
    trustWish(answers.encryption),
  ];
  return answers.console === undefined ? files : [...files, serialConsole(answers.console)];
}
