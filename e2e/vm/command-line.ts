/** How the guest sees a drive: which controller and kind of device. */
export type Bus = "virtio" | "scsi" | "nvme" | "sata" | "usb" | "cd" | "usb-cd";

/** A read or write error that the drive gives (QEMU's blkdebug), in 512-byte sectors as the guest counts them. */
export interface Fault {
  readonly on: "read" | "write" | "flush";
  /** Omitted: every request of that kind fails. */
  readonly sector?: number;
  /** Only the first time. */
  readonly once?: boolean;
}

export interface Drive {
  /** Letters, digits and `-`; names the device for hot plugging and in reports. */
  readonly id: string;
  readonly bus: Bus;
  readonly path: string;
  readonly format: "raw" | "qcow2";
  readonly readOnly?: boolean;
  readonly serial?: string;
  /** Lower boots earlier; omitted: never asked by the firmware's order. */
  readonly bootIndex?: number;
  /** Bytes; 512 and 512 unless told. */
  readonly sectors?: { readonly logical: number; readonly physical: number };
  /** Only for `usb`: what the removable flag of the medium says. */
  readonly removable?: boolean;
  readonly faults?: readonly Fault[];
}

/** QEMU does not allow `:` and `,` unquoted; every value passes through here. */
function quoted(value: string): string {
  return value.replaceAll(",", ",,");
}

function faultRule(fault: Fault): Record<string, unknown> {
  return {
    event: "none",
    iotype: fault.on,
    errno: 5,
    once: fault.once ?? false,
    ...(fault.sector === undefined ? {} : { sector: fault.sector }),
  };
}

/** The `-blockdev` object of a drive; its node name is `node-<id>`. */
export function blockdevOf(drive: Drive): Record<string, unknown> {
  const readOnly = drive.readOnly ?? false;
  const image = {
    driver: drive.format,
    "read-only": readOnly,
    // Discard lets a guest's TRIM shrink the file. Flushes may stay in the host's cache: a power cut kills QEMU, not the host.
    ...(readOnly ? {} : { discard: "unmap", cache: { "no-flush": true } }),
    file: { driver: "file", filename: drive.path, "read-only": readOnly, locking: readOnly ? "off" : "auto" },
  };
  if (!drive.faults || drive.faults.length === 0) return { ...image, "node-name": `node-${drive.id}` };
  return {
    driver: "blkdebug",
    "node-name": `node-${drive.id}`,
    "read-only": readOnly,
    image,
    "inject-error": drive.faults.map(faultRule),
  };
}

function sectorProperties(drive: Drive): Record<string, number> {
  if (!drive.sectors) return {};
  return { logical_block_size: drive.sectors.logical, physical_block_size: drive.sectors.physical };
}

const driverOf: Record<Bus, string> = {
  virtio: "virtio-blk-pci",
  scsi: "scsi-hd",
  nvme: "nvme",
  sata: "ide-hd",
  usb: "usb-storage",
  cd: "ide-cd",
  "usb-cd": "usb-bot",
};

/** The device of a drive as `device_add` takes it. `usb-cd` needs a second one; see {@link mediumOf}. */
export function deviceOf(drive: Drive, slot: number): Record<string, unknown> {
  const common = {
    id: drive.id,
    ...(drive.bootIndex === undefined ? {} : { bootindex: drive.bootIndex }),
    ...(drive.serial === undefined ? {} : { serial: drive.serial }),
    ...sectorProperties(drive),
  };
  const node = { drive: `node-${drive.id}` };
  const base = { driver: driverOf[drive.bus], ...common, ...node };
  switch (drive.bus) {
    case "virtio":
      return base;
    case "scsi":
      return { ...base, bus: "scsi0.0" };
    case "nvme":
      return { ...base, serial: drive.serial ?? `nvme-${drive.id}` };
    case "sata":
    case "cd":
      return { ...base, bus: `ide.${String(slot)}` };
    case "usb":
      return { ...base, bus: "xhci.0", removable: drive.removable ?? true };
    case "usb-cd":
      return { driver: "usb-bot", id: drive.id, bus: "xhci.0" };
  }
}

/** What goes into a `usb-cd` drive's enclosure: usb-storage itself always claims to be a disk. */
export function mediumOf(drive: Drive): Record<string, unknown> | null {
  if (drive.bus !== "usb-cd") return null;
  return {
    driver: "scsi-cd",
    id: `${drive.id}-cd`,
    bus: `${drive.id}.0`,
    drive: `node-${drive.id}`,
    ...(drive.bootIndex === undefined ? {} : { bootindex: drive.bootIndex }),
  };
}

/** A virtio-serial port whose guest end is /dev/virtio-ports/NAME and whose host end is a UNIX socket. */
export interface Port {
  readonly name: string;
  readonly socket: string;
  readonly log?: string;
}

export interface CommandLine {
  readonly accel: "kvm" | "tcg";
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly firmware: { readonly code: string; readonly vars: string; readonly varsFormat: "raw" | "qcow2" };
  readonly tpmSocket: string | null;
  readonly drives: readonly Drive[];
  readonly qmpSocket: string;
  readonly serial: { readonly socket: string; readonly log: string };
  readonly ports: readonly Port[];
  /** Values of SMBIOS type 11 strings (OEM strings), for example systemd credentials. */
  readonly oemStrings: readonly string[];
  /** SMBIOS type 1 serial number. */
  readonly machineSerial?: string;
  /** A kernel started by the firmware without a boot loader; only for trying the kit itself. */
  readonly directBoot?: { readonly kernel: string; readonly initrd?: string; readonly append: string };
  /** User-mode network, with a TCP port of this host that leads to one of the guest where wanted. */
  readonly network: boolean | { readonly forward: { readonly host: number; readonly guest: number } };
  readonly window: boolean;
}

function firmwareArguments({ firmware }: CommandLine): string[] {
  return [
    "-global",
    "driver=cfi.pflash01,property=secure,value=on",
    "-drive",
    `if=pflash,unit=0,format=raw,readonly=on,file=${quoted(firmware.code)}`,
    "-drive",
    `if=pflash,unit=1,format=${firmware.varsFormat},file=${quoted(firmware.vars)}`,
  ];
}

function portArguments(ports: readonly Port[]): string[] {
  return ports.flatMap((port, n) => [
    "-chardev",
    `socket,id=port${String(n)},path=${quoted(port.socket)},server=on,wait=off` +
      (port.log === undefined ? "" : `,logfile=${quoted(port.log)}`),
    "-device",
    `virtserialport,bus=vserial.0,nr=${String(n + 1)},chardev=port${String(n)},name=${port.name}`,
  ]);
}

function driveArguments(drives: readonly Drive[]): string[] {
  let slot = 0;
  return drives.flatMap((drive) => {
    const usesSlot = drive.bus === "sata" || drive.bus === "cd";
    const devices = [deviceOf(drive, usesSlot ? slot++ : 0), mediumOf(drive)].filter((device) => device !== null);
    return ["-blockdev", JSON.stringify(blockdevOf(drive)), ...devices.flatMap((d) => ["-device", JSON.stringify(d)])];
  });
}

function tpmArguments(socket: string | null): string[] {
  if (socket === null) return [];
  return [
    "-chardev",
    `socket,id=tpmsock,path=${quoted(socket)}`,
    "-tpmdev",
    "emulator,id=tpm0,chardev=tpmsock",
    "-device",
    "tpm-crb,tpmdev=tpm0",
  ];
}

function smbiosArguments(line: CommandLine): string[] {
  const serial = line.machineSerial;
  return [
    ...(serial === undefined
      ? []
      : ["-smbios", `type=1,manufacturer=SilverMetal,product=Test,serial=${quoted(serial)}`]),
    ...line.oemStrings.flatMap((value) => ["-smbios", `type=11,value=${quoted(value)}`]),
  ];
}

function directBootArguments({ directBoot }: CommandLine): string[] {
  if (!directBoot) return [];
  const initrd = directBoot.initrd === undefined ? [] : ["-initrd", directBoot.initrd];
  return ["-kernel", directBoot.kernel, ...initrd, "-append", directBoot.append];
}

function networkArguments({ network }: CommandLine): string[] {
  if (network === false) return ["-nic", "none"];
  if (network === true) return ["-nic", "user,model=virtio-net-pci"];
  const { host, guest } = network.forward;
  // Closed: what the guest sends goes nowhere.
  const forward = `hostfwd=tcp:127.0.0.1:${String(host)}-:${String(guest)}`;
  return ["-nic", `user,model=virtio-net-pci,restrict=on,${forward}`];
}

/**
 * All that QEMU emulates but AVX: 7.2 gets AVX2 wrong now and then. Chromium's process that draws died by SIGSEGV in Skia's
 * variant for it, at a vpgatherdd with an index of -2^31 that had just been limited to the picture.
 */
const EMULATED_CPU = "max,avx=off,avx2=off,f16c=off,fma=off,vaes=off,vpclmulqdq=off";

/** QEMU's arguments for a machine. It starts paused (-S), so that nothing is missed on its ports. */
export function qemuArguments(line: CommandLine): string[] {
  const cpu =
    line.accel === "kvm" ? ["-accel", "kvm", "-cpu", "host"] : ["-accel", "tcg,thread=multi", "-cpu", EMULATED_CPU];
  return [
    "-S",
    "-nodefaults",
    "-no-user-config",
    "-machine",
    "q35,smm=on",
    ...cpu,
    "-m",
    String(line.memoryMiB),
    "-smp",
    String(line.cpus),
    ...firmwareArguments(line),
    ...(line.window ? ["-display", "gtk"] : ["-display", "none"]),
    "-vga",
    "std",
    "-device",
    "virtio-rng-pci",
    "-qmp",
    `unix:${quoted(line.qmpSocket)},server=on,wait=off`,
    "-chardev",
    `socket,id=serial0,path=${quoted(line.serial.socket)},server=on,wait=off,logfile=${quoted(line.serial.log)}`,
    "-serial",
    "chardev:serial0",
    "-device",
    "virtio-serial-pci,id=vserial,max_ports=8",
    ...portArguments(line.ports),
    "-device",
    "qemu-xhci,id=xhci,p2=8,p3=8",
    "-device",
    "usb-kbd,bus=xhci.0",
    "-device",
    "usb-tablet,bus=xhci.0",
    "-device",
    "virtio-scsi-pci,id=scsi0",
    ...driveArguments(line.drives),
    ...tpmArguments(line.tpmSocket),
    ...smbiosArguments(line),
    ...directBootArguments(line),
    ...networkArguments(line),
  ];
}

/** An argument as a shell takes it. */
export function shellWord(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`;
}

/** The command as a person would paste it into a shell, each option on a line of its own. */
export function asShell(program: string, args: readonly string[]): string {
  const words = args.map((arg, index) => (index > 0 && arg.startsWith("-") ? "\\\n  " : "") + shellWord(arg));
  return `${program} ${words.join(" ")}\n`;
}
