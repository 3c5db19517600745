import { describe, expect, it } from "vitest";
import { parsePackages, type InstalledPackage } from "./dpkg.ts";
import { lockEntryOf } from "./bundle.ts";
import { bundledPackages, shippedPackages, spdxDocument } from "./sbom.ts";

const deb = (name: string): InstalledPackage => ({
  name,
  version: "1:2+deb13u1",
  source: `${name}-src`,
  sourceVersion: "2+deb13u1",
  architecture: "amd64",
});
const product = {
  name: "SilverMetal OS",
  version: "1.0",
  homepage: "https://example.org/",
  suite: "trixie",
  isoName: "silvermetal-1.0-amd64.iso",
  isoSha256: "a".repeat(64),
  epoch: 1_763_518_374,
};

describe("packages", () => {
  it("are read from dpkg-query's lines in order", () => {
    expect(
      parsePackages("zlib1g\t1.3\tzlib\t1.3\tamd64\nbash\t5.2\tbash\t5.2\tamd64\n").map(({ name }) => name),
    ).toEqual(["bash", "zlib1g"]);
  });

  it("say whether they are in the root file system, in the boot files or in both", () => {
    const all = shippedPackages([deb("bash"), deb("udev")], [deb("udev"), deb("shim-signed")], () => "f".repeat(64));
    expect(all.map((each) => [each.name, each.in])).toEqual([
      ["bash", ["root"]],
      ["shim-signed", ["boot"]],
      ["udev", ["root", "boot"]],
    ]);
  });
});

describe("bundled npm packages", () => {
  it.each([
    ["node_modules/zod/v4/index.js", "node_modules/zod"],
    ["/home/x/node_modules/@sec-ant/readable-stream/x.js", "node_modules/@sec-ant/readable-stream"],
    ["node_modules/a/node_modules/b/c.js", "node_modules/a/node_modules/b"],
    ["backend/cli/main.ts", null],
  ])("%s belongs to %s", (path, entry) => {
    expect(lockEntryOf(path)).toBe(entry);
  });

  it("take version, licence and checksum from package-lock.json", () => {
    const zod = { version: "4.0.0", license: "MIT", integrity: "sha512-AAAA" };
    const packages = {
      "node_modules/zod": zod,
      "node_modules/a/node_modules/zod": zod,
      "node_modules/b/node_modules/zod": { ...zod, version: "3.0.0" },
    };
    const lock = JSON.stringify({ packages });
    expect(bundledPackages(Object.keys(packages), lock)).toEqual([
      { name: "zod", ...zod },
      { name: "zod", ...zod, version: "3.0.0" },
    ]);
    expect(() => bundledPackages(["node_modules/nope"], lock)).toThrow(
      "node_modules/nope is bundled but not in package-lock.json",
    );
  });
});

describe("spdxDocument", () => {
  const npm = [{ name: "@scope/x", version: "1.0.0", license: "MIT", integrity: "sha512-AAAA" }];
  const [shipped] = shippedPackages([deb("libstdc++6")], [], () => "f".repeat(64));
  const document = spdxDocument(product, [shipped!], npm) as unknown as {
    packages: {
      SPDXID: string;
      externalRefs?: { referenceLocator: string }[];
      checksums: { checksumValue: string }[];
    }[];
    relationships: { relatedSpdxElement: string; relationshipType: string }[];
    creationInfo: { created: string };
  };

  it("describes the image, which contains every package", () => {
    const ids = document.packages.map(({ SPDXID }) => SPDXID);
    expect(ids).toEqual(["SPDXRef-image", "SPDXRef-deb-libstdc--6", "SPDXRef-npm--scope-x-1.0.0"]);
    expect(document.relationships.map((each) => [each.relationshipType, each.relatedSpdxElement])).toEqual([
      ["DESCRIBES", "SPDXRef-image"],
      ["CONTAINS", "SPDXRef-deb-libstdc--6"],
      ["CONTAINS", "SPDXRef-npm--scope-x-1.0.0"],
    ]);
  });

  it("names packages by package URL", () => {
    expect(document.packages.slice(1).map(({ externalRefs }) => externalRefs?.[0]?.referenceLocator)).toEqual([
      "pkg:deb/debian/libstdc%2B%2B6@1%3A2%2Bdeb13u1?arch=amd64&distro=trixie",
      "pkg:npm/%40scope/x@1.0.0",
    ]);
  });

  it("has SPDX identifiers of allowed characters and a time without fractions", () => {
    for (const { SPDXID } of document.packages) expect(SPDXID).toMatch(/^SPDXRef-[A-Za-z0-9.-]+$/);
    expect(document.creationInfo.created).toBe("2025-11-19T02:12:54Z");
  });
});
