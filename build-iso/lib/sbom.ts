import * as z from "zod";
import type { InstalledPackage } from "./dpkg.ts";
import { sha256 } from "./hash.ts";

/** A Debian package in the image, in the root file system or in the boot files (kernel, initrd, loaders). */
export interface ShippedPackage extends InstalledPackage {
  readonly sha256: string;
  readonly in: readonly ("root" | "boot")[];
}

/** An npm package whose code is in the image's bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string | null;
  /** Subresource integrity of package-lock.json, for example `sha512-…`. */
  readonly integrity: string | null;
}

const NpmLock = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), license: z.string().optional(), integrity: z.string().optional() }),
  ),
});

/**
 * Looks bundled packages up in package-lock.json; one that is installed in several places is named once per version.
 * @param keys of package-lock.json, for example `node_modules/zod`
 * @throws when one is not in it.
 */
export function bundledPackages(keys: readonly string[], lockText: string): BundledPackage[] {
  const { packages } = NpmLock.parse(JSON.parse(lockText));
  const found = keys.map((key): [string, BundledPackage] => {
    const entry = packages[key];
    if (entry?.version === undefined) throw new Error(`${key} is bundled but not in package-lock.json`);
    const name = key.slice(key.lastIndexOf("node_modules/") + "node_modules/".length);
    const { version, license = null, integrity = null } = entry;
    return [`${name}@${version}`, { name, version, license, integrity }];
  });
  return [...new Map(found).values()];
}

/** Joins the packages of the root tree with those of the tools tree that the boot files were made from. */
export function shippedPackages(
  root: readonly InstalledPackage[],
  boot: readonly InstalledPackage[],
  checksum: (name: string) => string,
): ShippedPackage[] {
  const inRoot = new Set(root.map(({ name }) => name));
  const inBoot = new Set(boot.map(({ name }) => name));
  const all = [...root, ...boot.filter(({ name }) => !inRoot.has(name))];
  return all
    .map((each) => ({
      ...each,
      sha256: checksum(each.name),
      in: [...(inRoot.has(each.name) ? ["root" as const] : []), ...(inBoot.has(each.name) ? ["boot" as const] : [])],
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface Product {
  readonly name: string;
  readonly version: string;
  readonly homepage: string;
  readonly suite: string;
  readonly isoName: string;
  readonly isoSha256: string;
  readonly epoch: number;
}

type SpdxPackage = Readonly<Record<string, unknown>> & { readonly SPDXID: string };

function spdxId(kind: string, name: string): string {
  return `SPDXRef-${kind}-${name.replace(/[^A-Za-z0-9.-]/g, "-")}`;
}

function purl(url: string): readonly Readonly<Record<string, string>>[] {
  return [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: url }];
}

function debPackage(each: ShippedPackage, suite: string): SpdxPackage {
  const url = `pkg:deb/debian/${encodeURIComponent(each.name)}@${encodeURIComponent(each.version)}?arch=${each.architecture}&distro=${suite}`;
  return {
    SPDXID: spdxId("deb", each.name),
    name: each.name,
    versionInfo: each.version,
    supplier: "Organization: Debian",
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: "NOASSERTION",
    copyrightText: "NOASSERTION",
    sourceInfo: `built from ${each.source} ${each.sourceVersion}`,
    checksums: [{ algorithm: "SHA256", checksumValue: each.sha256 }],
    comment: `in: ${each.in.join(", ")}`,
    externalRefs: purl(url),
  };
}

function npmPackage(each: BundledPackage): SpdxPackage {
  const url = `pkg:npm/${each.name.replace("@", "%40")}@${each.version}`;
  const digest = each.integrity?.startsWith("sha512-") ? each.integrity.slice("sha512-".length) : null;
  const checksums =
    digest === null
      ? {}
      : { checksums: [{ algorithm: "SHA512", checksumValue: Buffer.from(digest, "base64").toString("hex") }] };
  return {
    SPDXID: spdxId("npm", `${each.name}-${each.version}`),
    name: each.name,
    versionInfo: each.version,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: each.license ?? "NOASSERTION",
    copyrightText: "NOASSERTION",
    ...checksums,
    externalRefs: purl(url),
  };
}

/** The bill of materials as an SPDX 2.3 document; equal inputs give equal text. */
export function spdxDocument(
  product: Product,
  debs: readonly ShippedPackage[],
  npm: readonly BundledPackage[],
): Readonly<Record<string, unknown>> {
  const image = "SPDXRef-image";
  const parts = [...debs.map((each) => debPackage(each, product.suite)), ...npm.map(npmPackage)];
  const contains = parts.map(({ SPDXID }) => ({
    spdxElementId: image,
    relationshipType: "CONTAINS",
    relatedSpdxElement: SPDXID,
  }));
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `${product.name} ${product.version}`,
    documentNamespace: `${product.homepage}spdx/${product.isoName}-${sha256(product.isoSha256).slice(0, 32)}`,
    creationInfo: {
      created: new Date(product.epoch * 1000).toISOString().replace(".000", ""),
      creators: [`Organization: ${product.name}`, "Tool: build-iso"],
    },
    packages: [
      {
        SPDXID: image,
        name: product.name,
        versionInfo: product.version,
        packageFileName: product.isoName,
        downloadLocation: "NOASSERTION",
        filesAnalyzed: false,
        licenseConcluded: "NOASSERTION",
        licenseDeclared: "NOASSERTION",
        copyrightText: "NOASSERTION",
        checksums: [{ algorithm: "SHA256", checksumValue: product.isoSha256 }],
        primaryPackagePurpose: "OPERATING-SYSTEM",
      },
      ...parts,
    ],
    relationships: [
      { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: image },
      ...contains,
    ],
  };
}
