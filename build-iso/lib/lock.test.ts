import { describe, expect, it } from "vitest";
import { checkRequested } from "./apt.ts";
import { describeDifferences, lockDifferences, lockEpoch, parseLock, renderLock, type Lock } from "./lock.ts";

const hash = (digit: string): string => digit.repeat(64);
const packages = { bash: ["5.2", "amd64", hash("1")], tzdata: ["2026a", "all", hash("2")] } as const;
const lock: Lock = {
  date: "2026-11-19T02:12:54.000Z",
  suite: "trixie",
  trees: { root: { requested: ["bash"], packages: { tzdata: [...packages.tzdata], bash: [...packages.bash] } } },
};

describe("lockDifferences", () => {
  it("finds nothing between equal sets", () => {
    expect(lockDifferences({ bash: [...packages.bash] }, { bash: [...packages.bash] })).toEqual([]);
  });

  it("names changed, added and removed packages in order", () => {
    const offered = { bash: ["5.3", "amd64", hash("3")], adduser: ["3", "all", hash("4")] } as never;
    expect(lockDifferences({ bash: [...packages.bash], tzdata: [...packages.tzdata] }, offered)).toEqual([
      { name: "adduser", locked: null, offered: "3 (all)" },
      { name: "bash", locked: "5.2 (amd64)", offered: "5.3 (amd64)" },
      { name: "tzdata", locked: "2026a (all)", offered: null },
    ]);
  });

  it("tells equal versions with other contents apart by their checksums", () => {
    const [difference] = lockDifferences({ bash: [...packages.bash] }, { bash: ["5.2", "amd64", hash("9")] });
    expect(difference).toEqual({
      name: "bash",
      locked: "5.2 sha256 111111111111…",
      offered: "5.2 sha256 999999999999…",
    });
  });

  it("shows at most twenty of them", () => {
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`p${index}`, ["1", "all", hash("1")]]));
    const lines = describeDifferences(lockDifferences({}, many as never)).split("\n");
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe("  … and 5 more");
  });
});

describe("the lock file", () => {
  it("comes back as it was written, with a line for each package in order", () => {
    const text = renderLock(lock);
    expect(parseLock(text)).toEqual(lock);
    expect(text.indexOf('"bash": ["5.2"')).toBeLessThan(text.indexOf('"tzdata": ["2026a"'));
    expect(text.split("\n").filter((line) => line.includes("amd64"))).toHaveLength(1);
  });

  it("gives the time stamp of the image", () => {
    expect(lockEpoch(lock)).toBe(Date.UTC(2026, 10, 19, 2, 12, 54) / 1000);
  });

  it("is refused with a checksum that is none", () => {
    const broken = { ...lock, trees: { root: { requested: [], packages: { bash: ["5", "amd64", "abc"] } } } };
    expect(() => parseLock(JSON.stringify(broken))).toThrow();
  });
});

describe("checkRequested", () => {
  it("gives the locked tree when the definition asks for the same packages in any order", () => {
    const tree = { requested: ["a", "b"], packages: {} };
    expect(checkRequested("root", tree, ["b", "a"])).toBe(tree);
  });

  it("names what was added and removed, and the way out", () => {
    const tree = { requested: ["a", "b"], packages: {} };
    expect(() => checkRequested("root", tree, ["a", "c"])).toThrow(/added: c; removed: b[^]*npm run iso:lock/);
  });
});
