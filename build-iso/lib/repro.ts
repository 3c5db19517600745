import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../exec.ts";
import { holdCache } from "./cache.ts";
import { explain } from "./explain.ts";
import { listFiles } from "./files.ts";
import { sha256File } from "./hash.ts";
import { cacheFolder, poolFolder } from "./project.ts";
import { stages } from "../stages/index.ts";

interface Conditions {
  readonly name: string;
  readonly umask: string;
  readonly env: Readonly<Record<string, string>>;
  /** Command in front of the build, such as a limit to one processor. */
  readonly wrapper: readonly string[];
}

/** As different as two builders can be: another folder, umask, language, time zone, processor count and clock. */
const conditions: readonly [Conditions, Conditions] = [
  { name: "a", umask: "022", env: { LANG: "C.UTF-8", TZ: "UTC" }, wrapper: [] },
  {
    name: "second/checkout",
    umask: "077",
    env: { LANG: "de_DE.UTF-8", LC_ALL: "tr_TR.UTF-8", TZ: "Asia/Kathmandu", SILVER_CLOCK: "+400d" },
    wrapper: ["taskset", "--cpu-list", "0"],
  },
];

/** Times of the stages: the one result that may differ. */
const NOT_COMPARED = new Set(["build.json"]);

interface Checkout {
  readonly folder: string;
  readonly commit: string;
}

function cacheName(name: string): string {
  return `cache-${name.replace("/", "-")}`;
}

async function buildCopy(checkout: Checkout, keysFolder: string, work: string, how: Conditions): Promise<string> {
  const copy = join(work, how.name);
  const out = join(work, `out-${how.name.replace("/", "-")}`);
  await mkdir(join(copy, ".."), { recursive: true });
  const script = [
    `umask ${how.umask}`,
    'git clone --quiet --no-hardlinks --no-checkout "$1" "$2"',
    'git -C "$2" checkout --quiet --detach "$3"',
    'cp -r "$1/node_modules" "$2/node_modules"',
    'cd "$2"',
    "shift 3",
    'exec "$@"',
  ].join(" && ");
  const build = ["npx", "--no-install", "tsx", "build-iso/main.ts", "build", "--keys", keysFolder, "--out", out];
  await run("bash", ["-c", script, "repro", checkout.folder, copy, checkout.commit, ...how.wrapper, ...build], {
    env: {
      ...how.env,
      SILVER_POOL: poolFolder(checkout.folder),
      SILVER_CACHE: join(work, cacheName(how.name)),
    },
    shownAs: how.wrapper.concat(build),
    onLine: (line) => process.stdout.write(`  ${line}\n`),
  });
  return out;
}

async function sums(folder: string): Promise<Map<string, string>> {
  const names = (await listFiles(folder)).filter((name) => !NOT_COMPARED.has(name));
  return new Map(await Promise.all(names.map(async (name) => [name, await sha256File(join(folder, name))] as const)));
}

/** Names whose sums differ or that only one side has, ordered. */
export function differing(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name)).sort();
}

/**
 * Builds the checkout's last commit twice with nothing shared but keys and downloaded packages, and compares.
 * Both builds go below the cache folder (/tmp may be in memory); they stay there until the next comparison
 * when they differ.
 * @returns whether everything that is published is the same.
 * @throws {BuildError} when a build fails, or while another comparison runs.
 */
export async function reproduce(folder: string, keysFolder: string, print: (text: string) => void): Promise<boolean> {
  const place = join(cacheFolder(folder), "repro");
  const letGo = await holdCache(place);
  try {
    const work = join(place, "builds");
    await rm(work, { recursive: true, force: true });
    return await compareBuilds(folder, keysFolder, work, print);
  } finally {
    await letGo();
  }
}

async function compareBuilds(
  folder: string,
  keysFolder: string,
  work: string,
  print: (text: string) => void,
): Promise<boolean> {
  const commit = (await run("git", ["-C", folder, "rev-parse", "HEAD"])).trim();
  const changed = await run("git", ["-C", folder, "status", "--porcelain", "--untracked-files=no"]);
  if (changed !== "") print("note: uncommitted changes are not part of this comparison");
  const outputs: Map<string, string>[] = [];
  for (const how of conditions) {
    print(
      `build ${how.name} of ${commit.slice(0, 12)}: umask ${how.umask}, ${JSON.stringify(how.env)} ${how.wrapper.join(" ")}`,
    );
    outputs.push(await sums(await buildCopy({ folder, commit }, keysFolder, work, how)));
  }
  const [a = new Map<string, string>(), b = new Map<string, string>()] = outputs;
  const wrong = differing(a, b);
  for (const [name, hash] of a) print(`${wrong.includes(name) ? "DIFFERS" : "same   "}  ${hash}  ${name}`);
  if (wrong.length === 0) {
    await rm(work, { recursive: true, force: true });
    print("identical");
    return true;
  }
  const [first, second] = conditions.map(({ name }) => join(work, cacheName(name), "stages"));
  const names = stages.map(({ name }) => name).filter((name) => name !== "tools");
  await explain(names, [first ?? "", second ?? ""], print);
  print(`not identical; both builds are kept in ${work}`);
  return false;
}
