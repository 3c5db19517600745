import type { IncomingMessage } from "node:http";

/**
 * Why a request is refused, or null. Other pages of the same browser must not reach the server: by name (a domain that
 * resolves to 127.0.0.1), by a form or script of theirs, or by reading along.
 * @param port that the server listens on
 */
export function refusal(request: Pick<IncomingMessage, "method" | "headers">, port: number): string | null {
  const { host, origin, "sec-fetch-site": site, "content-type": type } = request.headers;
  const hosts = [`127.0.0.1:${String(port)}`, `localhost:${String(port)}`];
  if (host === undefined || !hosts.includes(host)) return "unknown host";
  if (origin !== undefined && origin !== `http://${host}`) return "another origin";
  if (site !== undefined && site !== "same-origin" && site !== "none") return "another site";
  if (request.method === "POST") {
    if (origin === undefined) return "no origin";
    return type === "application/json" ? null : "not JSON";
  }
  return request.method === "GET" ? null : "unknown method";
}
