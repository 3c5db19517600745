import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PageFiles } from "./page-files.ts";
import { temporaryFolder } from "./testing/temporary.ts";

const folder = temporaryFolder();
const ui = join(folder.path, "ui");

beforeAll(() => {
  mkdirSync(join(ui, "assets"), { recursive: true });
  writeFileSync(join(ui, "index.html"), "<!doctype html><html><head><title>x</title></head></html>");
  writeFileSync(join(ui, "assets/main.js"), "1");
  writeFileSync(join(folder.path, "secret.txt"), "Canary");
});

afterAll(folder.remove);

describe("PageFiles", () => {
  test("serves the document with a nonce that is its own each time", () => {
    const page = new PageFiles(ui);
    const nonces = [page.respond("/"), page.respond("/")].map(({ headers, body }) => {
      const [, nonce] = /<head><meta property="csp-nonce" nonce="([^"]+)">/.exec(body.toString()) ?? [];
      expect(headers["content-security-policy"]).toContain(`style-src 'self' 'nonce-${nonce ?? ""}'`);
      return nonce;
    });
    expect(new Set(nonces).size).toBe(2);
  });

  test("serves files with their type, and says nosniff", () => {
    const { status, headers, body } = new PageFiles(ui).respond("/assets/main.js");
    expect({ status, type: headers["content-type"], body: body.toString() }).toEqual({
      status: 200,
      type: "text/javascript; charset=utf-8",
      body: "1",
    });
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  test.each(["/../secret.txt", "/%2e%2e/secret.txt", "/assets", "/assets/", "//etc/passwd", "/__proto__", ""])(
    "has nothing at %j",
    (path) => {
      const { status, body } = new PageFiles(ui).respond(path);
      expect(status).toBe(404);
      expect(body.toString()).not.toContain("Canary");
    },
  );

  test("reads a file when it is asked for, and serves none that came later", () => {
    writeFileSync(join(ui, "assets/gone.js"), "1");
    const page = new PageFiles(ui);
    rmSync(join(ui, "assets/gone.js"));
    writeFileSync(join(ui, "assets/later.js"), "1");
    expect(["gone", "later"].map((name) => page.respond(`/assets/${name}.js`).status)).toEqual([404, 404]);
    rmSync(join(ui, "assets/later.js"));
  });

  test("says how the interface is built where it is missing", () => {
    expect(() => new PageFiles(join(ui, "assets"))).toThrow("npm run build:ui");
  });
});
