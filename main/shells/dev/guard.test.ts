import { describe, expect, test } from "vitest";
import { refusal } from "./guard.ts";

const host = "localhost:5173";
const origin = `http://${host}`;
const json = "application/json";

describe("refusal", () => {
  test.each([
    ["a page typed into the address bar", "GET", { host, "sec-fetch-site": "none" }],
    ["what the page loads", "GET", { host, "sec-fetch-site": "same-origin" }],
    ["a call of the page", "POST", { host, origin, "content-type": json, "sec-fetch-site": "same-origin" }],
    ["the page by number", "GET", { host: "127.0.0.1:5173" }],
  ])("lets through %s", (_, method, headers) => {
    expect(refusal({ method, headers }, 5173)).toBeNull();
  });

  test.each([
    ["a name that was made to resolve to this computer", "GET", { host: "evil.test:5173" }],
    ["another port", "GET", { host: "localhost:80" }],
    ["no host", "GET", {}],
    ["a call of another page", "POST", { host, origin: "http://evil.test", "content-type": json }],
    ["a call of another server here", "POST", { host, origin: "http://localhost:3000", "content-type": json }],
    ["a call from a document without origin", "POST", { host, origin: "null", "content-type": json }],
    ["a call without an origin", "POST", { host, "content-type": json }],
    ["a form, which needs no permission", "POST", { host, origin, "content-type": "text/plain" }],
    ["events read by another page", "GET", { host, "sec-fetch-site": "cross-site" }],
    ["events read by another server here", "GET", { host, "sec-fetch-site": "same-site" }],
    ["an unknown method", "PUT", { host, origin }],
  ])("refuses %s", (_, method, headers) => {
    expect(refusal({ method, headers }, 5173)).not.toBeNull();
  });
});
