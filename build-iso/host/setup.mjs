// Makes a computer ready for `npm run dev`, `npm test`, `npm run iso` or `npm start`. Plain Node.js without packages: it runs in a
// clean clone, before node_modules exists.
import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The Node.js that runs every tool in package.json; ESLint's range is the narrowest of them. */
export const NODE_RANGE = "^20.19.0 || ^22.13.0 || >=24";
const oldestMinor = { 20: 19, 22: 13 };

/** From 8.2 on QEMU emulates SHA-NI, in which a guest hashes what it reads of its root. Debian 12 has 7.2 and, in backports, 10.0. */
const QEMU = [8, 2];

/** Debian package, what shows that it is there (a program in PATH, or one of some files), and what it is for. `wanted`: its version, if it can be had. */
export const needs = {
  dev: [],
  test: [
    {
      package: "chromium",
      files: ["/usr/lib/chromium/chromium"],
      why: "the window of the installer, tried by the tests",
    },
    {
      package: "chromium-sandbox",
      files: ["/usr/lib/chromium/chrome-sandbox"],
      why: "Chromium's sandbox where users may not make namespaces",
    },
  ],
  iso: [
    { package: "mmdebstrap", program: "mmdebstrap", why: "makes the root file system from Debian's archive" },
    {
      package: "debian-archive-keyring",
      files: ["/usr/share/keyrings/debian-archive-keyring.gpg", "/usr/share/keyrings/debian-archive-keyring.pgp"],
      why: "checks the signatures of Debian's archive",
    },
    { package: "openssl", program: "openssl", why: "makes and uses the signing keys" },
  ],
  vm: [
    { package: "qemu-system-x86", program: "qemu-system-x86_64", wanted: QEMU, why: "the virtual machine" },
    { package: "qemu-utils", program: "qemu-img", wanted: QEMU, why: "makes the virtual machine's disks" },
    {
      package: "ovmf",
      files: ["/usr/share/OVMF/OVMF_CODE_4M.secboot.fd"],
      why: "UEFI firmware with Secure Boot and Microsoft's keys",
    },
    { package: "swtpm", program: "swtpm", why: "the virtual machine's TPM 2.0" },
    { package: "tpm2-tools", program: "tpm2", why: "puts TPMs into the states that tests need" },
    { package: "wireguard-go", program: "wireguard-go", why: "WireGuard where the kernel has none" },
    { package: "wireguard-tools", program: "wg", why: "sets up the tunnel that the kill switch is tried with" },
    { package: "nftables", program: "nft", why: "the kill switch of the VPN, tried with real packets" },
    { package: "mtools", program: "mcopy", why: "writes files to the test media" },
    { package: "dosfstools", program: "mkfs.vfat", why: "formats the test media" },
    {
      package: "busybox-static",
      // The package busybox, linked dynamically, has /bin/busybox too.
      files: ["/usr/share/doc/busybox-static"],
      why: "the guest in the tests of the test kit itself",
    },
    { package: "git", program: "git", why: "shows whether the ISO is older than its sources" },
    {
      package: "qemu-system-gui",
      files: ["/usr/lib/x86_64-linux-gnu/qemu/ui-gtk.so", "/usr/lib/qemu/ui-gtk.so"],
      withDisplayOnly: true,
      why: "the window of npm start",
    },
    { package: "gdisk", program: "sgdisk", why: "partitions the test media" },
  ],
};

const groupsOf = { dev: ["dev"], test: ["test"], iso: ["iso"], vm: ["iso", "vm"] };

/** @returns {boolean} whether `version` (`process.versions.node`) is in {@link NODE_RANGE} */
export function isNodeNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major >= 24 || minor >= (oldestMinor[major] ?? Infinity);
}

/**
 * @param {string} mode `dev`, `test`, `iso` or `vm`
 * @param {(need: object) => boolean} isPresent
 * @returns the needs that are not met, in the order of the table; null for an unknown mode
 */
export function missingNeeds(mode, isPresent) {
  const groups = Object.hasOwn(groupsOf, mode) ? groupsOf[mode] : null;
  return groups && groups.flatMap((group) => needs[group]).filter((need) => !isPresent(need));
}

/** @param {number | null} installed @param {number} locked modification times in ms; null: nothing is installed */
export function isInstallStale(installed, locked) {
  return installed === null || installed < locked;
}

/** @returns {string} one line per need: package and purpose, in columns */
export function describeNeeds(missing) {
  const width = Math.max(...missing.map((need) => need.package.length));
  return missing.map((need) => `  ${need.package.padEnd(width)}  ${need.why}`).join("\n");
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** Whether the person at this computer could see a window. */
export function hasDisplay(env) {
  return Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

function isPresent(need) {
  if (need.withDisplayOnly && !hasDisplay(process.env)) return true;
  if (need.files) return need.files.some((file) => modifiedAt(file) !== null);
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => isExecutable(join(folder, need.program)));
}

function fail(message) {
  process.stderr.write(`setup: ${message}\n`);
  process.exit(1);
}

function say(message) {
  process.stdout.write(`setup: ${message}\n`);
}

function isDebianLike() {
  try {
    const release = readFileSync("/etc/os-release", "utf8");
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
  } catch {
    return false;
  }
}

/** The words to put before a command that needs root; null when there is no way to become root. */
function rootPrefix() {
  if (process.getuid() === 0) return [];
  const canAsk = process.stdin.isTTY === true;
  const quiet = spawnSync("sudo", ["-n", "true"], { stdio: "ignore" });
  return !quiet.error && (quiet.status === 0 || canAsk) ? ["sudo"] : null;
}

function runAsRoot(prefix, args) {
  const [program, ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", ...args];
  return spawnSync(program, rest, { stdio: ["inherit", "inherit", "inherit"] }).status === 0;
}

function hasPackageLists() {
  try {
    return readdirSync("/var/lib/apt/lists").some((name) => name.includes("_Packages"));
  } catch {
    return false;
  }
}

/** @returns {boolean} whether what `--version` printed tells of `[major, minor]` or later */
export function isVersionAtLeast(printed, [major, minor]) {
  const found = /version (\d+)\.(\d+)/.exec(printed);
  return found !== null && (Number(found[1]) - major || Number(found[2]) - minor) >= 0;
}

function isCurrent(need) {
  if (!need.wanted) return true;
  const { stdout } = spawnSync(need.program, ["--version"], { encoding: "utf8" });
  return isVersionAtLeast(stdout ?? "", need.wanted);
}

/** The mirror of Debian 12 that this computer's package lists come from; null on any other system. */
function bookwormMirror() {
  const debian = ["Created-By: Packages", "Origin: Debian", "Label: Debian", "Codename: bookworm"];
  const { stdout } = spawnSync("apt-get", ["indextargets", "--format", "$(REPO_URI)", ...debian], { encoding: "utf8" });
  return stdout?.split("\n")[0] || null;
}

/**
 * An option for apt that adds Debian 12's backports for this one call: the computer's own list of sources stays as it is.
 * @param {string} mirror
 */
function withBackports(mirror) {
  const list = join(mkdtempSync(join(tmpdir(), "silver-apt-")), "sources.list");
  const usual = "/etc/apt/sources.list";
  const own = modifiedAt(usual) === null ? "" : readFileSync(usual, "utf8");
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  writeFileSync(list, `${own}\ndeb [signed-by=${keyring}] ${mirror} bookworm-backports main\n`);
  return `-o=Dir::Etc::SourceList=${list}`;
}

/** @returns {boolean} whether apt-get could install them */
function aptInstall(prefix, packages, options = []) {
  const install = ["apt-get", "install", "-qq", "--yes", "-o=Dpkg::Use-Pty=0", "--no-install-recommends"];
  const run = () => runAsRoot(prefix, [...install, ...options, ...packages]);
  const known = options.length === 0 && hasPackageLists();
  return (known && run()) || (runAsRoot(prefix, ["apt-get", "update", "-qq", ...options]) && run());
}

/** Packages that come from backports all do: QEMU's parts ask for each other's exact version. */
function installFromBackports(prefix, missing) {
  const mirror = bookwormMirror();
  if (mirror === null || !missing.some((need) => need.wanted)) return;
  const qemu = missing.map((need) => need.package).filter((name) => name.startsWith("qemu-"));
  say(`Debian 12's own QEMU is slow at emulating; taking that of its backports: ${qemu.join(" ")}`);
  const releases = qemu.map((name) => `${name}/bookworm-backports`);
  if (!aptInstall(prefix, releases, [withBackports(mirror)])) say("the backports could not be had; going on without");
}

function installPackages(missing) {
  const command = `apt-get install --no-install-recommends ${missing.map((need) => need.package).join(" ")}`;
  const listed = `these packages are missing or old:\n${describeNeeds(missing)}`;
  if (!isDebianLike()) fail(`${listed}\nThis is not Debian or Ubuntu: install what provides them, then try again.`);
  const prefix = rootPrefix();
  if (prefix === null && missing.every(isPresent)) return;
  if (prefix === null) fail(`${listed}\nInstall them as root:\n  ${command}`);
  say(`${listed}\nsetup: installing them with: ${[...prefix, command].join(" ")}`);
  if (!hasPackageLists()) runAsRoot(prefix, ["apt-get", "update", "-qq"]);
  installFromBackports(prefix, missing);
  const others = missing.filter((need) => !isPresent(need));
  if (
    others.length > 0 &&
    !aptInstall(
      prefix,
      others.map((need) => need.package),
    )
  ) {
    fail(`apt-get could not install the packages (see above; is there a network?). To do it by hand:\n  ${command}`);
  }
  const still = missing.filter((need) => !isPresent(need));
  if (still.length > 0) fail(`installed, but still not found:\n${describeNeeds(still)}`);
}

function installModules() {
  const locked = modifiedAt(join(root, "package-lock.json"));
  if (locked === null) fail("package-lock.json is missing: this is not a complete checkout.");
  if (!isInstallStale(modifiedAt(join(root, "node_modules/.package-lock.json")), locked)) return;
  say("installing the packages of package-lock.json with: npm ci");
  const env = { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: "1", PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1" };
  const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root, stdio: "inherit", env });
  if (error) fail("npm is not installed (Debian package: npm).");
  if (status !== 0) fail("npm ci failed (see above; is there a network?).");
}

function main(mode = "") {
  if (!isNodeNewEnough(process.versions.node)) {
    fail(`Node.js ${NODE_RANGE} is needed; this is ${process.versions.node}.`);
  }
  const missing = missingNeeds(mode, (need) => isPresent(need) && (isCurrent(need) || bookwormMirror() === null));
  if (missing === null) fail(`usage: node build-iso/host/setup.mjs ${Object.keys(groupsOf).join("|")}`);
  if (missing.length > 0) installPackages(missing);
  installModules();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main(process.argv[2]);
