import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { MissingPrerequisite, toolsTree } from "../vm/paths.ts";
import { sh } from "../vm/sh.ts";

const BUSYBOX = "/bin/busybox";
/** Tells it from the package busybox, linked dynamically and of no use alone in an initrd. */
const STATIC_BUSYBOX = "/usr/share/doc/busybox-static";

/** Drivers of the devices the kit gives its machines; they are modules in Debian's kernel. */
const modules = [
  "virtio_pci",
  "virtio_blk",
  "virtio_scsi",
  "virtio_console",
  "sd_mod",
  "sr_mod",
  "usb_storage",
  "xhci_pci",
  "uas",
  "nvme",
  "ahci",
  "tpm_crb",
  "tpm_tis",
  "efivarfs",
  "usbhid",
  "hid_generic",
  "vfat",
  "nls_cp437",
  "nls_ascii",
];

/** Brings devices up, then a root shell on the QA port (given as a file) and one on the serial port. */
const init = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev /run /tmp /root
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs run /run
while read -r module; do insmod "$module" 2>/dev/null; done </modules/order
mount -t efivarfs efivars /sys/firmware/efi/efivars
sleep 3
mkdir -p /dev/virtio-ports
for port in /sys/class/virtio-ports/*; do ln -s "/dev/$(basename "$port")" "/dev/virtio-ports/$(cat "$port/name")"; done
setsid sh /agent.sh &
echo "guest is up" >/dev/ttyS0
while :; do getty -n -l /login.sh 115200 ttyS0 linux; done
`;

/** Behaves like login, sudo and a shell as far as the serial helper looks. */
const login = `#!/bin/busybox sh
printf 'tiny login: '; read user
stty -echo; printf 'Password: '; read password; stty echo; echo
[ "$password" = right ] || { echo "Login incorrect"; exit; }
sudo() { printf '%s' "$2"; read secret; echo; PS1='# ' ENV= exec sh; }
export PS1='$ '
printf 'sudo() { printf %%s "$2"; read s; echo; PS1="# " exec /bin/sh; }\\n' >/profile
ENV=/profile exec sh -i
`;

/** Kernel of the build's tools tree. @throws {MissingPrerequisite} before the first image build. */
export function kernel(): { path: string; version: string } {
  const boot = join(toolsTree, "boot");
  const name = existsSync(boot) ? readdirSync(boot).find((entry) => entry.startsWith("vmlinuz-")) : undefined;
  if (name === undefined) throw new MissingPrerequisite("A kernel to try the kit with", "Build the image: npm run iso");
  return { path: join(boot, name), version: name.slice("vmlinuz-".length) };
}

/** Copies the drivers with what they need, and lists them in the order of loading. */
async function addModules(root: string, version: string): Promise<void> {
  mkdirSync(join(root, "modules"));
  const order = new Set<string>();
  for (const module of modules) {
    const args = [toolsTree, "modprobe", "-S", version, "--show-depends", module];
    const { stdout } = await sh("chroot", args, { okCodes: [0, 1] });
    for (const [, source = ""] of stdout.matchAll(/^insmod (\S+)/gm)) order.add(source);
  }
  for (const source of order) {
    const target = join(root, "modules", basename(source));
    copyFileSync(join(toolsTree, source), target);
    if (target.endsWith(".xz")) await sh(BUSYBOX, ["unxz", target]);
  }
  const names = [...order].map((source) => `/modules/${basename(source).replace(/\.xz$/, "")}`);
  writeFileSync(join(root, "modules/order"), `${names.join("\n")}\n`);
}

/** An initrd with busybox that offers what the QA image and an installed system offer to the kit. */
export async function tinyInitrd(target: string, agent: string): Promise<string> {
  if (!existsSync(STATIC_BUSYBOX)) {
    throw new MissingPrerequisite("A static busybox", "Install it: sudo apt-get install busybox-static");
  }
  const root = mkdtempSync(join(tmpdir(), "silver-initrd-"));
  try {
    mkdirSync(join(root, "bin"));
    copyFileSync(BUSYBOX, join(root, "bin/busybox"));
    symlinkSync("bin", join(root, "sbin"));
    for (const [name, text] of Object.entries({ init, "agent.sh": agent, "login.sh": login })) {
      writeFileSync(join(root, name), text, { mode: 0o755 });
    }
    await addModules(root, kernel().version);
    await sh("sh", ["-c", 'cd "$1" && find . | "$3" cpio -o -H newc >"$2"', "sh", root, target, BUSYBOX]);
    return target;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
