import { type ChildProcess, execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PIN_LENGTH } from "../../app/answers/secret-rules.ts";
import { InitrdScripts, PROMPTS } from "./testing/initrd-scripts.ts";

const PASSPHRASE = "right passphrase";
const PIN = "2026";
const RECOVERY_KEY = Array(8).fill("cbdefghi").join("-");
/** systemd-cryptsetup gives up on the PIN after so many (acquire_tpm2_key() in systemd 257). */
const PIN_TRIES = 5;

const messages = { pin: "Please enter TPM2 PIN:", key: "Please enter passphrase or recovery key for disk silver:" };
type Question = keyof typeof messages;

/** Asks as systemd-cryptsetup does: for the PIN while that is of use, then for a key, until one is right. */
class FakeCryptsetup {
  readonly replies: string[] = [];
  readonly #initrd: InitrdScripts;
  readonly #sockets: Server[] = [];
  #question: Question;
  #pins = 0;
  open = false;

  constructor(initrd: InitrdScripts, first: Question) {
    this.#initrd = initrd;
    this.#question = first;
    mkdirSync(initrd.path("/run/systemd/ask-password"), { recursive: true });
  }

  async ask(): Promise<void> {
    const name = String(this.#sockets.length);
    const socket = this.#initrd.path(`/run/sck.${name}`);
    const server = createServer();
    this.#sockets.push(server);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const text = `[Ask]\nPID=1\nSocket=${socket}\nEcho=0\nMessage=${messages[this.#question]}\n`;
    writeFileSync(this.#initrd.path(`/run/systemd/ask-password/ask.${name}`), text);
  }

  /** Takes a line of the stand-in for systemd-reply-password: 1 and the text, or 0. */
  async take(line: string): Promise<void> {
    const text = line.slice(2);
    this.replies.push(`${this.#question}: ${line.startsWith("0") ? "cancelled" : text}`);
    if (this.#question === "pin") {
      this.#pins += 1;
      this.open = line === `1 ${PIN}`;
      if (line.startsWith("0") || this.#pins === PIN_TRIES) this.#question = "key";
    } else this.open = [PASSPHRASE, RECOVERY_KEY].includes(text);
    if (!this.open) await this.ask();
  }

  close(): void {
    for (const server of this.#sockets) server.close();
  }
}

let initrd: InitrdScripts;
let disk: FakeCryptsetup | undefined;
let agent: ChildProcess | undefined;

const explains = (...reasons: readonly string[]): void => {
  initrd.program("/usr/libexec/silvermetal/explain", `printf '%s\\n' ${reasons.join(" ")}`);
};

beforeEach(() => {
  initrd = new InitrdScripts();
  initrd.file("/sys/class/tty/console/active", "ttyS0 tty0\n");
  initrd.file("/sys/class/tty/tty0/active", "tty1\n");
  initrd.program("/usr/libexec/silvermetal/name-disk", `echo "Disk X, $2 S1, 512 GB (sda)"`);
  initrd.program("/usr/libexec/silvermetal/pin-tries", "echo 3 600");
  explains("pcr7");
  // Only what opens the disk as a key does so here.
  const right = `case $(cat) in '${PASSPHRASE}'|'${RECOVERY_KEY}') ;; *) exit 1 ;; esac`;
  initrd.program("cryptsetup", `[ "$2 $3" = "--test-passphrase --key-file=-" ] || exit 9; ${right}`);
  const asks = initrd.path("/run/systemd/ask-password");
  initrd.program(
    "/usr/lib/systemd/systemd-reply-password",
    `IFS= read -r line; rm -f '${asks}/ask.'*; printf '%s\\n' "$1 $line" >> '${initrd.path("/replies")}'`,
  );
  initrd.program("systemctl", `echo "$*" >> '${initrd.path("/systemctl")}'; sleep 30`);
});
afterEach(() => {
  if (agent?.pid !== undefined) process.kill(-agent.pid, "SIGKILL");
  agent = undefined;
  disk?.close();
  initrd.remove();
});

/** A person at the screen who types these lines one after another; nobody is at the serial port. */
function types(...lines: readonly string[]): void {
  initrd.file("/typed", lines.map((line) => `${line}\n`).join(""));
  const [typed, seen] = [initrd.path("/typed"), initrd.path("/seen")];
  initrd.program(
    "/usr/libexec/silvermetal/ask-on",
    `case $1 in *tty1) ;; *) sleep 60 ;; esac
{ cat "$2"; echo "$3"; } >> '${seen}'
IFS= read -r line < '${typed}' || sleep 60
sed -i 1d '${typed}'; printf '%s\\n' "$line"`,
  );
}

const read = (path: string): string => (existsSync(initrd.path(path)) ? readFileSync(initrd.path(path), "utf8") : "");
/** What the person saw, by prompt. */
const screens = (): string[] => read("/seen").split(/(?<=^\[\d+\] .*\n)/m);

/** Lets the agent answer until the disk is open, or `until` holds. @returns what was replied to which question */
async function play(first: Question, until: () => boolean = () => false): Promise<readonly string[]> {
  disk = new FakeCryptsetup(initrd, first);
  await disk.ask();
  agent = initrd.start("ask");
  let taken = 0;
  const end = Date.now() + 15_000;
  while (!disk.open && !until()) {
    if (Date.now() > end) throw new Error(`nothing more happens:\n${read("/seen")}\n${disk.replies.join("\n")}`);
    const line = read("/replies").split("\n").slice(0, -1)[taken];
    if (line !== undefined) {
      taken += 1;
      await disk.take(line);
    } else await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return disk.replies;
}

describe("the prompt", () => {
  it("says which disk, why, and which keyboard; takes the passphrase", async () => {
    initrd.file("/run/silvermetal/keymap", "de-nodeadkeys\n");
    types(PASSPHRASE);
    expect(await play("key")).toEqual([`key: ${PASSPHRASE}`]);
    const [screen] = screens();
    expect(screen).toContain("Disk: Disk X, serial number S1, 512 GB (sda)");
    expect(screen).toContain("Keyboard: de-nodeadkeys");
    expect(screen).toContain("The security state of this computer has changed");
    expect(screen).toContain("(PCR 7)");
    expect(screen).toMatch(/\[1\] Passphrase or recovery key: \n$/);
  });

  it("speaks the installed language", async () => {
    initrd.file("/run/silvermetal/language", "de\n");
    types(PASSPHRASE);
    await play("key");
    expect(screens()[0]).toMatch(
      /Das Laufwerk ist gesperrt[^]*Seriennummer S1[^]*Tastatur: us[^]*\[1\] Passphrase oder/,
    );
  });

  it("counts wrong tries, without end", async () => {
    types(...Array.from({ length: 20 }, (_, n) => `wrong ${String(n)}`), PASSPHRASE);
    expect(await play("key")).toHaveLength(21);
    expect(screens()[20]).toMatch(/Wrong so far, 20\.[^]*\[21\] Passphrase/);
    expect(screens()[0]).not.toContain("Wrong so far");
  });

  it("hands over what was typed as it is", async () => {
    const odd = " a\\b  $(id) 'ß\" -n %s ";
    types(odd, PASSPHRASE);
    expect(await play("key")).toEqual([`key: ${odd}`, `key: ${PASSPHRASE}`]);
  });

  it("turns the computer off on request; no PIN and no passphrase is as short as that word", async () => {
    types("off");
    await play("key", () => read("/systemctl") !== "");
    expect(read("/systemctl")).toBe("--force poweroff\n");
    expect("off".length).toBeLessThan(PIN_LENGTH.min);
  });

  it.each([
    ["other-tpm", /another TPM/],
    ["secure-boot-off", /Secure Boot is off/],
    ["pcr11", /not one of our signed releases/],
    ["pcr12", /Words or files were added/],
    ["pcr15", /Another disk was unlocked/],
    ["no-tpm", /missing, or turned off/],
    ["tpm-failed", /nothing seems to have changed/],
    ["unbound", /not bound to a TPM/],
    ["lockout:10", /forgets one in 10 minutes/],
  ])("has words for %s", async (reason, words) => {
    explains(reason);
    types(PASSPHRASE);
    await play("key");
    expect(screens()[0]).toMatch(words);
  });

  it("warns of a change that nobody has made, and of nothing else", async () => {
    explains("pcr7", "pcr12");
    types("wrong", PASSPHRASE);
    await play("key");
    expect(screens()[0]?.match(/If you know of no cause/g)).toHaveLength(1);
    expect(screens()[0]?.match(/^- .*/gm)).toHaveLength(2);
    expect(screens()[1]).toContain("PCR 12");
  });

  it("comes also where the reasons can not be found", async () => {
    initrd.program("/usr/libexec/silvermetal/explain", "exit 1");
    types(PASSPHRASE);
    await play("key");
    expect(screens()[0]).toContain("nothing seems to have changed");
  });
});

describe("the PIN's prompt", () => {
  beforeEach(() => {
    explains("pin");
  });

  it("takes the PIN", async () => {
    types(PIN);
    expect(await play("pin")).toEqual([`pin: ${PIN}`]);
    expect(screens()[0]).toMatch(/wants its PIN at every start[^]*\[1\] PIN, passphrase or recovery key: /);
  });

  it("tells after a wrong one how many the TPM still takes", async () => {
    types("1111", PIN);
    expect(await play("pin")).toEqual(["pin: 1111", `pin: ${PIN}`]);
    expect(screens()[0]).not.toContain("Before the TPM refuses");
    expect(screens()[1]).toMatch(
      /Wrong so far, 1\.\nBefore the TPM refuses every PIN .*, 3\.\nPassphrase and recovery key/,
    );
  });

  it("takes the passphrase as well", async () => {
    types("1111", PASSPHRASE);
    expect(await play("pin")).toEqual(["pin: 1111", `pin: ${PASSPHRASE}`, "pin: cancelled", `key: ${PASSPHRASE}`]);
  });

  it("takes the recovery key, which is no try of the PIN", async () => {
    types(RECOVERY_KEY);
    expect(await play("pin")).toEqual(["pin: cancelled", `key: ${RECOVERY_KEY}`]);
  });

  it("says after the last PIN of a start that only keys are left, and tries that one as a key", async () => {
    types("1", "2", "3", "4", "5", PASSPHRASE);
    expect((await play("pin")).slice(4)).toEqual(["pin: 5", "key: 5", `key: ${PASSPHRASE}`]);
    expect(screens()[5]).toMatch(/Too many wrong PINs at this start[^]*Wrong so far, 5\.[^]*\[6\] Passphrase/);
  });

  it.each(["pcr7", "other-tpm", "no-tpm", "lockout:10"])("is left out where no PIN helps: %s", async (reason) => {
    explains(reason);
    types(PASSPHRASE);
    expect(await play("pin")).toEqual(["pin: cancelled", `key: ${PASSPHRASE}`]);
    expect(screens()).toHaveLength(1);
  });

  it("says so when the last wrong PIN locked the TPM", async () => {
    const locked = initrd.path("/replies");
    initrd.program(
      "/usr/libexec/silvermetal/explain",
      `if grep -q 1111 '${locked}'; then echo lockout:10; else echo pin; fi`,
    );
    types("1111", PASSPHRASE);
    expect(await play("pin")).toEqual(["pin: 1111", "pin: cancelled", "key: 1111", `key: ${PASSPHRASE}`]);
    expect(screens()[1]).toMatch(/refuses every PIN[^]*\[2\] Passphrase/);
  });
});

describe("one console", () => {
  /** Runs ask-on on a terminal of its own (script(1)), where these bytes are typed one after another. */
  function onTerminal(...typed: readonly string[]): { seen: string; answer: string } {
    initrd.file("/page", "The page\n");
    const script = initrd.path("/usr/libexec/silvermetal/ask-on");
    const command = `sh '${script}' "$(tty)" '${initrd.path("/page")}' '[1] Key: ' Checking > '${initrd.path("/answer")}'`;
    const keys = typed.map((text) => `sleep 0.6; printf '${text}'`).join("; ");
    const { stdout } = spawnSync(
      "sh",
      ["-c", `{ ${keys}; sleep 0.6; } | timeout 10 script -qec "$0" /dev/null`, command],
      {
        encoding: "utf8",
      },
    );
    return { seen: stdout, answer: read("/answer") };
  }

  it("gives the line that was typed and shows nothing of it", () => {
    const { seen, answer } = onTerminal("zw\\303\\266lf\\r");
    expect(answer).toBe("zwölf\n");
    expect(seen.replaceAll("\r", "")).toBe("The page\n\n[1] Key: \n\nChecking\n");
  });

  it("asks again after Ctrl-C, Ctrl-D and an empty line; other keys for signals are text", () => {
    const { seen, answer } = onTerminal("half\\003", "\\004", "", "\\r", "", "a\\034\\032b\\r");
    expect(answer).toBe("a\x1c\x1ab\n");
    expect(seen.match(/\[1\] Key: /g)).toHaveLength(4);
  });
});

describe("the texts", () => {
  const languages = readdirSync(PROMPTS);
  const textsOf = (language: string): Map<string, string> => {
    const names = `sed -n 's/^\\(t_[a-z0-9_]*\\)=.*/\\1/p' "$1"`;
    const script = `. "$1"; for name in $(${names}); do eval "printf '%s\\\\t%s\\\\0' $name \\"\\$$name\\""; done`;
    const output = execFileSync("sh", ["-euc", script, "sh", join(PROMPTS, language)], { encoding: "utf8" });
    return new Map(
      output.split("\0").flatMap((entry) => (entry === "" ? [] : [entry.split("\t") as [string, string]])),
    );
  };
  const english = textsOf("en");
  /** What the Linux console's own fonts have beyond ASCII: the letters of code page 437. */
  const CP437 = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜáíóúñÑªº¿¡«»ß";

  it("are there in the languages that the console can show", () => {
    expect(languages.sort()).toEqual(["de", "en", "es", "fr", "it"]);
  });

  it.each(languages)("are complete and fit on the console: %s", (language) => {
    const texts = textsOf(language);
    expect([...texts.keys()]).toEqual([...english.keys()]);
    for (const [name, text] of texts) {
      expect(text.match(/%./g), name).toEqual(english.get(name)?.match(/%./g) ?? null);
      for (const letter of text) expect(letter < "\x7f" || CP437.includes(letter), `${name}: ${letter}`).toBe(true);
      // Reasons get a dash before them.
      const columns = /^t_(other|secure|pcr)/.test(name) ? 77 : 79;
      for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(columns);
    }
  });
});
