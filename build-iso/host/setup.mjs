// Makes a computer ready for `npm run dev`, `npm test`, `npm run iso` or `npm start`. Plain Node.js without packages: it runs in a
// clean clone, before node_modules exists.
import { spawnSync } from "node:child_process";
import { accessSync, constants, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The Node.js that runs every tool in package.json; ESLint's range is the narrowest of them. */
export const NODE_RANGE = "^20.19.0 || ^22.13.0 || >=24";
const oldestMinor = { 20: 19, 22: 13 };

/** Debian package, what shows that it is there (a program in PATH, or one of some files), and what it is for. */
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
    { package: "qemu-system-x86", program: "qemu-system-x86_64", why: "the virtual machine" },
    { package: "qemu-utils", program: "qemu-img", why: "makes the virtual machine's disks" },
    {
      package: "ovmf",
      files: ["/usr/share/OVMF/OVMF_CODE_4M.secboot.fd"],
      why: "UEFI firmware with Secure Boot and Microsoft's keys",
    },
    { package: "swtpm", program: "swtpm", why: "the virtual machine's TPM 2.0" },
    { package: "tpm2-tools", program: "tpm2", why: "puts TPMs into the states that tests need" },
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

function installPackages(missing) {
  const packages = missing.map((need) => need.package);
  const command = `apt-get install --no-install-recommends ${packages.join(" ")}`;
  const listed = `these packages are missing:\n${describeNeeds(missing)}`;
  if (!isDebianLike()) fail(`${listed}\nThis is not Debian or Ubuntu: install what provides them, then try again.`);
  const prefix = rootPrefix();
  if (prefix === null) fail(`${listed}\nInstall them as root:\n  ${command}`);
  say(`${listed}\nsetup: installing them with: ${[...prefix, command].join(" ")}`);
  const install = ["apt-get", "install", "-qq", "--yes", "-o=Dpkg::Use-Pty=0", "--no-install-recommends", ...packages];
  const update = ["apt-get", "update", "-qq"];
  const fresh = hasPackageLists() && runAsRoot(prefix, install);
  if (!fresh && !(runAsRoot(prefix, update) && runAsRoot(prefix, install))) {
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
  const missing = missingNeeds(mode, isPresent);
  if (missing === null) fail(`usage: node build-iso/host/setup.mjs ${Object.keys(groupsOf).join("|")}`);
  if (missing.length > 0) installPackages(missing);
  installModules();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main(process.argv[2]);
