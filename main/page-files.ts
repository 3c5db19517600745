import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

/** The page's address in every shell. The top-level domain `invalid` never resolves (RFC 2606). */
export const PAGE_ORIGIN = "https://installer.invalid";
export const PAGE_URL = `${PAGE_ORIGIN}/`;

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** Features of Permissions-Policy that Chromium knows and that a page is not denied by default. */
const DENIED_FEATURES = [
  "accelerometer",
  "autoplay",
  "camera",
  "clipboard-read",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "geolocation",
  "gyroscope",
  "hid",
  "idle-detection",
  "local-fonts",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "picture-in-picture",
  "publickey-credentials-get",
  "screen-wake-lock",
  "serial",
  "storage-access",
  "usb",
  "window-management",
  "xr-spatial-tracking",
];

export interface PageResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface PageFilesOptions {
  /** For `connect-src`; a page in the product connects nowhere. */
  readonly connect?: "'none'" | "'self'";
  /** Put into the document's head before everything else. */
  readonly head?: string;
}

/**
 * The content security policy of the page. `sandbox` takes windows, downloads and dialogs from it; forms are left, because
 * without them no submit event comes, and `form-action` lets them lead nowhere.
 * @param nonce for the few styles that the component library puts into the page by script
 */
export function contentSecurityPolicy(nonce: string, connect: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "worker-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types silver-worker",
    "sandbox allow-scripts allow-same-origin allow-forms",
  ].join("; ");
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * The built user interface (`npm run build:ui`), served by each shell in its own way. Files are read when they are asked
 * for: most of their bytes are word lists, of which a page needs those of one language.
 */
export class PageFiles {
  /** Paths of the files by their paths in URLs; only what was there at the start is served. */
  readonly #files = new Map<string, string>();
  readonly #options: Required<PageFilesOptions>;

  /** @throws {Error} where the folder has no index.html */
  constructor(folder: string, options: PageFilesOptions = {}) {
    this.#options = { connect: "'none'", head: "", ...options };
    for (const path of filesBelow(folder)) {
      this.#files.set(`/${relative(folder, path).split(sep).join("/")}`, path);
    }
    if (!this.#files.has("/index.html")) throw new Error(`${folder} has no index.html: npm run build:ui makes it`);
  }

  /** Answers a GET request. @param path of the URL, without query */
  respond(path: string): PageResponse {
    const name = path === "/" ? "/index.html" : path;
    const content = this.#read(name);
    const nonce = randomBytes(16).toString("base64");
    const headers = {
      "content-security-policy": contentSecurityPolicy(nonce, this.#options.connect),
      "permissions-policy": DENIED_FEATURES.map((feature) => `${feature}=()`).join(", "),
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-dns-prefetch-control": "off",
      "cache-control": "no-store",
    };
    if (content === null) {
      return { status: 404, headers: { ...headers, "content-type": "text/plain" }, body: Buffer.from("not found\n") };
    }
    const type = types[extname(name)] ?? "application/octet-stream";
    const body = name === "/index.html" ? this.#document(content, nonce) : content;
    return { status: 200, headers: { ...headers, "content-type": type }, body };
  }

  /** Null for what is not there, or not any more. */
  #read(name: string): Buffer | null {
    const path = this.#files.get(name);
    try {
      return path === undefined ? null : readFileSync(path);
    } catch {
      return null;
    }
  }

  #document(file: Buffer, nonce: string): Buffer {
    const head = `<head><meta property="csp-nonce" nonce="${nonce}">${this.#options.head}`;
    return Buffer.from(file.toString("utf8").replace("<head>", () => head));
  }
}
