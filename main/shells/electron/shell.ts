import { app, BrowserWindow, ipcMain, type Session, session, type WebContents } from "electron";
import { setTimeout as sleep } from "node:timers/promises";
import { PAGE_ORIGIN, PAGE_URL, type PageFiles } from "../../page-files.ts";
import type { Shell, ShellOptions } from "../../shell.ts";
import { CALL, TEXT } from "./channels.ts";

/** Milliseconds before a page that died is loaded again. */
const RELOAD_PAUSE_MS = 250;

export interface ElectronOptions extends ShellOptions {
  /** Absolute path of the bundled preload script. */
  readonly preload: string;
  readonly kiosk: boolean;
}

/** What has to be said before Electron is ready. */
export function prepareElectron(): void {
  app.enableSandbox();
  for (const name of ["disable-background-networking", "disable-breakpad", "no-proxy-server", "no-pings"]) {
    app.commandLine.appendSwitch(name);
  }
  app.commandLine.appendSwitch("host-resolver-rules", "MAP * ~NOTFOUND");
}

/** Serves our files under their fixed address and fails every other request. */
function serve(partition: Session, files: PageFiles): void {
  partition.protocol.handle("https", (request) => {
    const url = new URL(request.url);
    if (url.origin !== PAGE_ORIGIN || request.method !== "GET") return Response.error();
    const { status, headers, body } = files.respond(url.pathname);
    return new Response(new Uint8Array(body), { status, headers });
  });
  partition.webRequest.onBeforeRequest(({ url }, callback) => {
    callback({ cancel: !url.startsWith(PAGE_URL) && !url.startsWith("devtools:") });
  });
}

function deny(partition: Session): void {
  partition.setPermissionRequestHandler((_, permission, callback) =>
    callback(permission === "clipboard-sanitized-write"),
  );
  partition.setPermissionCheckHandler((_, permission) => permission === "clipboard-sanitized-write");
  partition.setDevicePermissionHandler(() => false);
  partition.on("will-download", (event) => event.preventDefault());
}

/** The page stays where it is, and alone. */
function confine(contents: WebContents): void {
  const stay = (event: { preventDefault: () => void; readonly url: string }): void => {
    if (event.url !== PAGE_URL) event.preventDefault();
  };
  contents.on("will-navigate", stay);
  contents.on("will-redirect", stay);
  contents.on("will-frame-navigate", stay);
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
}

/** Electron as a window around the page: sandboxed, isolated from the preload script, without Node.js. */
export class ElectronShell implements Shell {
  readonly #options: ElectronOptions;
  #window: BrowserWindow | null = null;
  #unsubscribe = (): void => undefined;

  constructor(options: ElectronOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    await app.whenReady();
    const { page, host, preload, kiosk } = this.#options;
    // Without "persist:" it is kept in memory only.
    const partition = session.fromPartition("installer");
    serve(partition, page);
    deny(partition);
    const window = new BrowserWindow({
      kiosk,
      autoHideMenuBar: true,
      webPreferences: {
        preload,
        session: partition,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInSubFrames: false,
        nodeIntegrationInWorker: false,
        webviewTag: false,
        devTools: false,
        spellcheck: false,
      },
    });
    this.#window = window;
    window.removeMenu();
    confine(window.webContents);
    ipcMain.handle(CALL, async (event, text: unknown) => {
      const ours = event.senderFrame?.parent === null && event.senderFrame.url === PAGE_URL;
      return ours && typeof text === "string" ? host.answer(text) : null;
    });
    this.#unsubscribe = host.onText((text) => {
      if (!window.isDestroyed()) window.webContents.send(TEXT, text);
    });
    window.webContents.on("render-process-gone", () => void this.#again(window));
    window.webContents.on("did-navigate", (_, url) => {
      if (url !== PAGE_URL) void this.#again(window);
    });
    await window.loadURL(PAGE_URL);
  }

  async printToPdf(): Promise<string> {
    if (!this.#window) throw new Error("there is no window");
    const options = { printBackground: true, preferCSSPageSize: true, generateTaggedPDF: true };
    return (await this.#window.webContents.printToPDF(options)).toString("base64");
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    ipcMain.removeHandler(CALL);
    this.#window?.destroy();
    this.#window = null;
  }

  async #again(window: BrowserWindow): Promise<void> {
    this.#options.warn("the page died or was left; it is loaded again");
    await sleep(RELOAD_PAUSE_MS);
    if (!window.isDestroyed()) await window.loadURL(PAGE_URL).catch(() => undefined);
  }
}
