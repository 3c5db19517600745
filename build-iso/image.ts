import { brand } from "../branding/index.ts";

/**
 * What the image is made of. Changing a value here rebuilds the stages that depend on it and no others.
 * After changing packages or sources run `npm run iso:lock`.
 */
export interface Source {
  /** Archive name below the mirror, `debian` or `debian-security`, or a full URL for an archive of its own. */
  readonly archive: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** Keyring file on the build host that the archive's Release file must be signed with. */
  readonly keyring: string;
}

export interface Keymap {
  readonly layout: string;
  readonly variant: string | null;
}

const DEBIAN_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Archives outside Debian. Both are off: their packages would no longer get Debian's security support. */
const optional = {
  kicksecure: false,
  linuxHardened: false,
};

const debianSources: readonly Source[] = [
  { archive: "debian", suite: "trixie", components: ["main"], keyring: DEBIAN_KEYRING },
  { archive: "debian", suite: "trixie-updates", components: ["main"], keyring: DEBIAN_KEYRING },
  { archive: "debian-security", suite: "trixie-security", components: ["main"], keyring: DEBIAN_KEYRING },
];

const kicksecureSource: Source = {
  archive: "https://deb.kicksecure.com",
  suite: "trixie",
  components: ["main"],
  keyring: "/usr/share/keyrings/derivative.asc",
};

const kernel = optional.linuxHardened ? "linux-image-hardened-amd64" : "linux-image-amd64";

/** Packages of the tools tree: it builds everything and gives the kernel, the initrd's programs and the boot loaders. */
const toolsPackages = {
  kernel: [kernel, "dracut", "zstd", "cpio", "kmod"],
  initrd: [
    "systemd",
    "systemd-sysv",
    "systemd-cryptsetup",
    "udev",
    "cryptsetup-bin",
    "lvm2",
    "dmsetup",
    "e2fsprogs",
    "kbd",
    "mount",
    "util-linux",
    "tpm2-tools",
    "libtss2-esys-3.0.2-0t64",
    "libtss2-mu-4.0.1-0t64",
    "libtss2-rc0t64",
    "libtss2-tcti-device0t64",
  ],
  boot: [
    "shim-signed",
    "systemd-boot-efi",
    "systemd-boot-efi-amd64-signed",
    "systemd-ukify",
    "sbsigntool",
    "python3-virt-firmware",
    "openssl",
    "libfaketime",
  ],
  media: ["erofs-utils", "squashfs-tools", "xorriso", "mtools", "dosfstools", "gdisk"],
  text: ["locales", "console-setup", "keyboard-configuration", "xkb-data"],
} as const;

/** Packages of the root tree: live session and installed system, one and the same. */
const rootPackages = {
  base: [
    "bash-completion",
    "ca-certificates",
    "dbus-broker",
    "iproute2",
    "kmod",
    "less",
    "libpam-systemd",
    "login",
    "mount",
    "nano-tiny",
    "netbase",
    "passwd",
    "procps",
    "sudo",
    "systemd",
    "systemd-resolved",
    "systemd-sysv",
    "systemd-timesyncd",
    "tzdata",
    "udev",
    "util-linux",
    "zstd",
  ],
  storage: [
    "cryptsetup-bin",
    "dmsetup",
    "dosfstools",
    "e2fsprogs",
    "erofs-utils",
    "fdisk",
    "lvm2",
    "systemd-cryptsetup",
  ],
  boot: [
    "efibootmgr",
    "libtss2-esys-3.0.2-0t64",
    "libtss2-mu-4.0.1-0t64",
    "libtss2-rc0t64",
    "libtss2-tcti-device0t64",
    "mokutil",
    "openssl",
    "systemd-boot",
    "tpm2-tools",
  ],
  /** whois has mkpasswd. */
  installer: ["kbd", "nodejs", "whois"],
  network: ["network-manager", "nftables", "wireless-regdb", "wpasupplicant"],
  /** Sandboxed by user namespaces: chromium-sandbox, a setuid program, stays out. */
  kiosk: ["chromium", "dbus-user-session", "sway"],
  /** Every script of the user interface's languages; `excludedPaths` leaves two weights of each. */
  fonts: ["fonts-noto-cjk", "fonts-noto-core"],
  screenReader: [
    "orca",
    "pipewire",
    "pipewire-pulse",
    "speech-dispatcher",
    "speech-dispatcher-espeak-ng",
    "wireplumber",
  ],
} as const;

/**
 * Keyboard layouts to offer, `layout` or `layout:variant` in xkb's names. One without Latin letters gets those of `us`
 * as well, and has them alone at the boot prompt.
 */
const keymapNames = [
  "us",
  "us:intl",
  "us:altgr-intl",
  "us:dvorak",
  "us:colemak",
  "gb",
  "ie",
  "de",
  "de:nodeadkeys",
  "de:neo",
  "at",
  "ch",
  "ch:fr",
  "fr",
  "fr:bepo",
  "fr:oss",
  "be",
  "nl",
  "es",
  "latam",
  "pt",
  "br",
  "it",
  "se",
  "no",
  "dk",
  "fi",
  "is",
  "ee",
  "lv",
  "lt",
  "pl",
  "cz",
  "cz:qwerty",
  "sk",
  "hu",
  "ro",
  "si",
  "hr",
  "rs:latin",
  "tr",
  "tr:f",
  "ca",
  "jp",
  "kr",
  "cn",
  "ara",
  "bg",
  "by",
  "ge",
  "gr",
  "il",
  "ir",
  "kz",
  "mk",
  "rs",
  "ru",
  "th",
  "ua",
] as const;

function keymap(name: string): Keymap {
  const [layout = name, variant = null] = name.split(":");
  return { layout, variant };
}

/** The live session has no getty of its own making (silver-live-console has tty1) and waits two minutes for its medium. */
const live = [
  "silver.live",
  "luks=no",
  "systemd.volatile=overlay",
  "systemd.default_device_timeout_sec=120",
  "systemd.gpt_auto=no",
  "systemd.getty_auto=no",
  "systemd.firstboot=no",
  "fsck.mode=skip",
] as const;

const console = ["console=ttyS0,115200", "console=tty0"] as const;

export const image = {
  name: brand.name,
  id: brand.id,
  homepage: brand.homepage,
  suite: "trixie",
  /** `{archive}` is replaced by each source's archive name. The environment variable SILVER_MIRROR overrides it. */
  mirror: "http://deb.debian.org/{archive}",
  sources: optional.kicksecure ? [...debianSources, kicksecureSource] : debianSources,
  kernel,
  packages: {
    tools: Object.values(toolsPackages).flat(),
    root: Object.values(rootPackages).flat(),
  },
  /** Never unpacked. Copyright files stay: the licences ask for it. */
  excludedPaths: [
    "/usr/share/man/*",
    "/usr/share/doc/*",
    "/usr/share/info/*",
    "/usr/share/locale/*",
    "/usr/share/lintian/*",
    "/usr/share/bug/*",
    "/usr/share/help/*",
    "/usr/share/gtk-doc/*",
    "/usr/share/iso-codes/*",
    "/usr/share/xml/iso-codes/*",
    "/usr/share/fonts/opentype/noto/*",
    "/usr/share/fonts/truetype/noto/*",
    // Chromium's own Vulkan: for developers, and for machines that draw by it.
    "/usr/lib/chromium/libVk*",
    "/usr/lib/chromium/libvk_swiftshader.so",
    "/usr/lib/chromium/vk_swiftshader_icd.json",
    "/usr/lib/chromium/*.TOC",
  ],
  includedPaths: [
    "/usr/share/doc/*/copyright",
    "/usr/share/locale/locale.alias",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/noto/NotoSans-*",
    "/usr/share/fonts/truetype/noto/NotoSansArabic-*",
    "/usr/share/fonts/truetype/noto/NotoSansHebrew-*",
    "/usr/share/fonts/truetype/noto/NotoSansMono-*",
  ],
  keymaps: keymapNames.map(keymap),
  locales: [
    "ar_EG",
    "de_DE",
    "en_GB",
    "en_US",
    "es_ES",
    "fr_FR",
    "he_IL",
    "it_IT",
    "ja_JP",
    "ko_KR",
    "nl_NL",
    "pl_PL",
    "pt_BR",
    "tr_TR",
    "uk_UA",
    "zh_CN",
  ],
  /** This project's programs: `/usr/bin/NAME`, made from the module `entry`. */
  programs: {
    "silver-install": { entry: "backend/cli/main.ts" },
    "silver-installd": { entry: "backend/cli/installd.ts" },
    "silver-setup": { entry: "backend/cli/silver-setup.ts" },
    "silver-shell": { entry: "main/cli.ts" },
    "silver-trust": { entry: "backend/cli/silver-trust.ts" },
  },
  /** The user interface: how it is built and where it lies in the root tree. */
  page: { config: ".config/vite.config.ts", folder: "usr/share/silvermetal/ui" },
  cmdline: {
    live: [...live, "systemd.import_credentials=no", ...console, "quiet", "systemd.show_status=yes"],
    installed: [
      "systemd.gpt_auto=no",
      "systemd.import_credentials=no",
      "systemd.getty_auto=no",
      "systemd.firstboot=no",
      ...console,
      "quiet",
      "systemd.show_status=yes",
      // Last word: the initrd halts where anything follows it (initrd/files/usr/libexec/silvermetal/check-cmdline).
      "silver.end",
    ],
    qa: ["silver.qa", ...live, ...console],
  },
  /** Starts before an update counts as failed; an abandoned passphrase prompt costs one. */
  bootTries: 5,
  /** File modes that a checkout does not carry (git knows only the executable bit), by path in the root tree. */
  modes: { "etc/sudoers.d": 0o750, root: 0o700 } as Readonly<Record<string, number>>,
  /** Arguments of mkfs.erofs; docs/decisions/ has the measurements. */
  erofs: ["-zzstd,level=3", "-C16384"],
  /** A larger ISO is a mistake until somebody decides otherwise. */
  maxIsoBytes: 1_000_000_000,
  /** Bytes beside the files on the live medium's ESP, for FAT's own tables and cluster rounding. */
  espSlack: 4 * 1024 * 1024,
} as const;

export type TreeName = keyof typeof image.packages;
