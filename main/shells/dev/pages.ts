import type { Server } from "node:http";
import { fileURLToPath } from "node:url";
import { PageFiles } from "../../page-files.ts";
import { SCRIPT_PATH } from "./bridge-script.ts";
import type { PageHandler } from "./server.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The sources, compiled by Vite as they are asked for and replaced in the page as they change. */
export async function sourcePage(http: Server): Promise<PageHandler> {
  const { createServer } = await import("vite");
  const vite = await createServer({
    configFile: `${root}.config/vite.config.ts`,
    appType: "spa",
    clearScreen: false,
    server: { middlewareMode: true, hmr: { server: http }, cors: false },
    plugins: [
      {
        name: "silver-bridge",
        transformIndexHtml: () => [{ tag: "script", attrs: { src: SCRIPT_PATH }, injectTo: "head-prepend" }],
      },
    ],
  });
  http.once("close", () => void vite.close());
  return (request, response) => vite.middlewares(request, response, () => response.writeHead(404).end());
}

/** What `npm run build:ui` made, under the same policy as in the product. */
export async function builtPage(): Promise<PageHandler> {
  const head = `<script src="${SCRIPT_PATH}"></script>`;
  const files = new PageFiles(`${root}out/ui`, { connect: "'self'", head });
  return (_, response, path) => {
    const { status, headers, body } = files.respond(path);
    response.writeHead(status, headers).end(body);
  };
}
