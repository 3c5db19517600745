import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { InstallEvent, InstallResult } from "../../app/events.ts";
import { Plan } from "../../app/plan.ts";
import { InstallError } from "../../app/errors.ts";
import { canaries, testFacts } from "../machine/testing/facts.ts";
import { MachineDouble, makePlaces } from "../machine/testing/machine-double.ts";
import { fakeSys } from "../testing/fake-sys.ts";
import { MokDouble } from "../testing/mok-double.ts";
import { main } from "./command.ts";
import type { CliDeps } from "./deps.ts";
import { oemCommand } from "./oem.ts";

const ANSWERS = `apiVersion: silvermetal/v1
disk: { serial: silver0001 }
encryption:
  passphrase: "${canaries.passphrase}"
  pin: { file: pin.txt }
user: { name: ada, passwordHash: "${canaries.passwordHash}" }
onFinish: reboot
`;

let machine: MachineDouble;
let deps: CliDeps;
let folder: string;
let file: string;
let screen: string;
let complaints: string;

beforeEach(async () => {
  const places = await makePlaces();
  machine = new MachineDouble(places);
  folder = await mkdtemp(join(tmpdir(), "silver-answers-"));
  file = join(folder, "answers.yaml");
  screen = "";
  complaints = "";
  await writeFile(file, ANSWERS);
  await writeFile(join(folder, "pin.txt"), `${canaries.pin}\n`);
  deps = {
    exec: machine.exec,
    sys: fakeSys({}),
    places,
    probe: () => Promise.resolve(testFacts),
    predictPcr7: () => Promise.resolve("7".repeat(64)),
    screen: { write: (text) => (screen += text), isTerminal: false },
    complain: (text) => void (complaints += text),
    canShowSecret: true,
    showSecret: () => Promise.resolve(),
  };
});

const result = async (): Promise<InstallResult> =>
  InstallResult.parse(JSON.parse(await readFile(join(folder, "result.json"), "utf8")));

describe("the command line", () => {
  it.each([[[]], [["dance"]], [["run"]], [["oem", "x"]], [["run", "x", "--json"]], [["probe", "--dance"]]])(
    "%j is wrong usage",
    async (argv) => {
      expect(await main(argv, deps)).toBe(2);
      expect(complaints).toContain("Exit codes:");
    },
  );

  it("helps", async () => {
    expect(await main(["run", "--help"], deps)).toBe(0);
    expect(screen).toContain("silver-install run FILE");
    expect(screen).not.toContain("silver-install oem");
  });
});

describe("validate", () => {
  it("prints mistakes with their place and exits with 3", async () => {
    await writeFile(file, ANSWERS.replace("onFinish: reboot", "onFinish: dance"));
    expect(await main(["validate", file], deps)).toBe(3);
    expect(screen).toMatch(/^answers\.yaml:7:\d+: onFinish: /);
  });

  it("is content with good answers", async () => {
    expect(await main(["validate", file], deps)).toBe(0);
  });

  it("says when there is no file", async () => {
    expect(await main(["validate", join(folder, "none.yaml")], deps)).toBe(3);
    expect(complaints).toContain("answers-missing");
  });
});

describe("plan", () => {
  it("prints a plan and writes nothing", async () => {
    expect(await main(["plan", file, "--json"], deps)).toBe(0);
    expect(Plan.parse(JSON.parse(screen)).encryption).toMatchObject({ tpm2: true, pin: true });
    expect(machine.calls.map(({ program }) => program)).not.toContain("sfdisk");
  });

  it("exits with 4 where the machine is refused", async () => {
    deps = { ...deps, probe: () => Promise.resolve({ ...testFacts, disks: [] }) };
    expect(await main(["plan", file], deps)).toBe(4);
  });
});

describe("run", () => {
  it("installs, leaves result, log and recovery key, and restarts", async () => {
    const events = join(folder, "events.jsonl");
    expect(await main(["run", file, "--events", events], deps)).toBe(0);
    const { outcome, recoveryKeyFile, tpm2, jobs, peakMemory } = await result();
    expect({ outcome, recoveryKeyFile, tpm2, jobs: jobs.length }).toEqual({
      ...{ outcome: "installed", recoveryKeyFile: "recovery-key.txt", tpm2: true, jobs: 11 },
    });
    expect(peakMemory).toBeGreaterThan(10_000_000);
    expect(await readFile(join(folder, "recovery-key.txt"), "utf8")).toMatch(/^([a-z]{8}-){7}[a-z]{8}\n$/);
    const lines = (await readFile(events, "utf8")).trim().split("\n");
    expect(InstallEvent.parse(JSON.parse(lines[0]!)).event).toBe("hello");
    expect(InstallEvent.parse(JSON.parse(lines.at(-1)!))).toMatchObject({ event: "finished", next: "reboot" });
    expect(machine.calls.at(-1)).toMatchObject({ program: "systemctl", args: ["--no-block", "reboot"] });
  });

  it("keeps secrets out of screen, log, result and events", async () => {
    const events = join(folder, "events.jsonl");
    await main(["run", file, "--events", events], deps);
    const written = await Promise.all(
      ["install.log", "result.json", "events.jsonl"].map((name) => readFile(join(folder, name), "utf8")),
    );
    const recovery = (await readFile(join(folder, "recovery-key.txt"), "utf8")).trim();
    for (const secret of [...Object.values(canaries), recovery]) {
      expect([...written, screen, complaints].join("\n")).not.toContain(secret);
    }
  });

  it("leaves the one-time password of MokManager on the medium, once per machine", async () => {
    await mkdir(deps.places.keys);
    await cp(new URL("../testing/eventlogs/own.der", import.meta.url), join(deps.places.keys, "secure-boot.der"));
    const firmware = { ...testFacts.firmware, ourKeyInDb: false };
    const mok = new MokDouble();
    const over = { exec: mok.over(machine.exec), probe: () => Promise.resolve({ ...testFacts, firmware }) };
    expect(await main(["run", file], { ...deps, ...over })).toBe(0);
    expect(await result()).toMatchObject({ enrolment: "mok", mokPasswordFile: "mok-password.txt" });
    const password = (await readFile(join(folder, "mok-password.txt"), "utf8")).trim();
    expect(password).toMatch(/^\d{8}$/);
    expect([...mok.queued.values()][0]).toContain([...password].reverse().join(""));
    expect(await readFile(join(folder, "install.log"), "utf8")).not.toContain(password);
  });

  it("does not report an enrolment that failed, and makes no file for a password that was given", async () => {
    const firmware = { ...testFacts.firmware, ourKeyInDb: false };
    await writeFile(file, `${ANSWERS}secureBoot: { password: "27182818" }\n`);
    const mok = new MokDouble();
    mok.isFull = true;
    const over = { exec: mok.over(machine.exec), probe: () => Promise.resolve({ ...testFacts, firmware }) };
    expect(await main(["run", file], { ...deps, ...over })).toBe(0);
    expect(await result()).toMatchObject({ outcome: "installed", enrolment: "none", mokPasswordFile: null });
  });

  it("does not write over another machine's recovery key", async () => {
    await writeFile(join(folder, "recovery-key.txt"), "another machine's");
    await main(["run", file], deps);
    expect((await result()).recoveryKeyFile).toBe("recovery-key-2.txt");
    expect(await readFile(join(folder, "recovery-key.txt"), "utf8")).toBe("another machine's");
  });

  it("exits with 5 after a failure while writing, and does not restart", async () => {
    machine.failAt = ({ program }) => program === "mkfs.ext4";
    machine.error = new InstallError("tool-failed", "mkfs.ext4 failed");
    expect(await main(["run", file], deps)).toBe(5);
    const { outcome, error, recoveryKeyFile } = await result();
    expect({ outcome, kind: error?.kind, recoveryKeyFile }).toEqual({
      outcome: "failed",
      kind: "tool-failed",
      recoveryKeyFile: null,
    });
    expect(machine.calls.map(({ program }) => program)).not.toContain("systemctl");
  });

  it("stays a success where the restart fails", async () => {
    machine.failAt = ({ program }) => program === "systemctl";
    expect(await main(["run", file], deps)).toBe(0);
    expect((await result()).outcome).toBe("installed");
    expect(complaints).toContain("Installed, but reboot failed: told to fail");
  });

  it("notes the disk for the next run, and keeps what it noted before", async () => {
    await main(["run", file], deps);
    await main(["run", file], { ...deps, probe: () => Promise.resolve({ ...testFacts, disks: [] }) });
    const lines = (await readFile(join(folder, "installed.jsonl"), "utf8")).trim().split("\n");
    expect(lines.map((line) => Plan.shape.disk.parse(JSON.parse(line)).serial)).toEqual(["silver0001"]);
    expect((await result()).outcome).toBe("failed");
  });

  it("prints the disks there are where none is meant", async () => {
    await writeFile(file, ANSWERS.replace("silver0001", "elsewhere"));
    expect(await main(["run", file], deps)).toBe(4);
    expect(screen).toMatch(/\[disk-not-found\]\n\/dev\/\w+: .*serial silver0001.* - has another serial number\n/);
    expect(await main(["plan", file], deps)).toBe(4);
    expect(complaints).toMatch(/\[disk-not-found\]\n\/dev\/\w+: .*has another serial number/);
  });

  it("erases nothing where the recovery key could not be shown", async () => {
    await writeFile(file, ANSWERS.replace("  pin:", "  recoveryKey: display\n  pin:"));
    expect(await main(["run", file], { ...deps, canShowSecret: false })).toBe(3);
    expect((await result()).error?.message).toBe("There is no terminal to show the recovery key on");
    expect(machine.calls.map(({ program }) => program)).not.toContain("sfdisk");
    expect(await main(["run", file], deps)).toBe(0);
  });

  it("erases nothing where the answer medium takes no file", async () => {
    // A folder in the place of the probe file: root, who runs this, may write anywhere.
    await mkdir(join(folder, "silver-probe"));
    expect(await main(["run", file], deps)).toBe(3);
    expect((await result()).error?.message).toBe("The answer medium can not be written to");
    expect(machine.calls.map(({ program }) => program)).not.toContain("sfdisk");
  });

  it("installs, and says so, where only the result finds no room", async () => {
    await writeFile(file, ANSWERS.replace("  pin:", "  recoveryKey: none\n  pin:"));
    // Folders in the places of the new files: root, who runs this, may write anywhere.
    for (const name of ["install.log", "installed.jsonl"]) await mkdir(join(folder, `.${name}.new`));
    const events = join(folder, "events.jsonl");
    expect(await main(["run", file, "--events", events], deps)).toBe(0);
    const told = [/Note: installed\.jsonl could not be written .*\n/, /Note: The result could not be written .*\n/];
    for (const each of told) expect(screen).toMatch(each);
    expect(await readFile(events, "utf8")).toMatch(/"result-not-kept"/);
  });

  it.each(["SIGHUP", "SIGTERM"] as const)("is cancelled by %s, and what was begun is undone", async (signal) => {
    machine.onCall = ({ program }) => {
      if (program === "mkfs.ext4") process.emit(signal);
    };
    expect(await main(["run", file], deps)).toBe(6);
    expect((await result()).outcome).toBe("cancelled");
  });

  it("exits with 4 where a secret's file is missing or outside the medium", async () => {
    await writeFile(file, ANSWERS.replace("pin.txt", "nowhere.txt"));
    expect(await main(["run", file], deps)).toBe(4);
    expect((await result()).error?.kind).toBe("secret-file-missing");
  });

  it("refuses a PIN that is too short, wherever it stands", async () => {
    await writeFile(join(folder, "pin.txt"), "1\n");
    await chmod(join(folder, "pin.txt"), 0o600);
    expect(await main(["run", file], deps)).toBe(3);
  });
});

describe("oem", () => {
  it("says that there is no medium", async () => {
    machine.failAt = ({ program }) => program === "blkid";
    expect(await main(["oem"], deps)).toBe(3);
    expect(complaints).toContain("SILVER-OEM");
  });

  describe("with a medium", () => {
    beforeEach(async () => {
      folder = join(deps.places.run, "answers");
      await mkdir(folder);
      await writeFile(join(folder, "answers.yaml"), ANSWERS);
      await writeFile(join(folder, "pin.txt"), `${canaries.pin}\n`);
      const { exec } = deps;
      deps = {
        ...deps,
        exec: async (program, args, options) =>
          program === "blkid" && args.at(-1)?.endsWith("SILVER-OEM")
            ? { code: 0, stdout: "vfat\n", stderr: "" }
            : exec(program, args, options),
      };
    });

    it.each(["sync", "systemctl"])("a failure of %s after the end does not undo the success", async (failing) => {
      const { exec } = deps;
      deps = {
        ...deps,
        exec: async (program, args, options) => {
          const ended = machine.calls.some((call) => call.args.includes("--part-label"));
          if (program === failing && ended) throw new InstallError("tool-failed", "told to fail");
          return exec(program, args, options);
        },
      };
      expect(await oemCommand(deps, 0)).toBe(0);
      expect((await result()).outcome).toBe("installed");
      expect(complaints).toContain("told to fail");
    });

    it("reports that the disk was installed already, and keeps its note", async () => {
      expect(await oemCommand(deps, 0)).toBe(0);
      const systems = [{ kind: "silvermetal" as const, name: "SilverMetal" }];
      const disks = testFacts.disks.map((disk) => ({ ...disk, systems }));
      deps = { ...deps, probe: () => Promise.resolve({ ...testFacts, disks }) };
      for (let again = 0; again < 2; again += 1) {
        expect(await oemCommand(deps, 0)).toBe(4);
        expect((await result()).error?.kind).toBe("already-installed");
      }
    });

    it("leaves an installation with open questions to the graphical installer", async () => {
      const lines = ANSWERS.split("\n").filter((line) => !line.startsWith("disk:"));
      await writeFile(join(folder, "answers.yaml"), ["interactive: [disk]", ...lines].join("\n"));
      expect(await oemCommand(deps, 0)).toBe(0);
      expect(existsSync(join(deps.places.run, "interactive"))).toBe(true);
      expect(machine.calls.map(({ program }) => program)).not.toContain("sgdisk");
    });

    it("a signal during the countdown ends it at once", async () => {
      const began = performance.now();
      const run = oemCommand(deps, 60);
      await vi.waitUntil(() => screen.includes("begins in 60 s"));
      process.emit("SIGHUP");
      expect(await run).toBe(6);
      expect(performance.now() - began).toBeLessThan(30_000);
      expect(screen.match(/begins in/g)).toHaveLength(1);
    });
  });
});
