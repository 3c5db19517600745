export interface ChromiumFlags {
  /** Folder of the profile, used for one run only. */
  readonly profile: string;
  /** Without a window, for tests. */
  readonly headless: boolean;
  /** Loopback port of the QA image's DevTools endpoint; null everywhere else. */
  readonly qaPort: number | null;
  /** A screen reader can read the page. */
  readonly accessible: boolean;
}

/** Features that would look something up, ask something, or start processes that nobody needs here. */
const unwanted = [
  "AutofillServerCommunication",
  "CertificateTransparencyComponentUpdater",
  "GlobalMediaControls",
  "InterestFeedContentSuggestions",
  "MediaRouter",
  "OnDeviceModelPerformanceParams",
  "OptimizationGuideModelExecution",
  "OptimizationGuideOnDeviceModel",
  "OptimizationHints",
  "PasswordManagerOnboarding",
  "SpareRendererForSitePerProcess",
  "Translate",
];

/**
 * Arguments of Chromium. The sandbox stays on: nothing here or in the environment turns it off. The window starts
 * empty, because only after the shell has taken hold of it may a page be loaded.
 */
export function chromiumArguments(flags: ChromiumFlags): string[] {
  return [
    "--remote-debugging-pipe",
    `--user-data-dir=${flags.profile}`,
    // Nothing to look up, nothing to write but what this run needs.
    "--disable-background-networking",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    // A crash would leave what was in the page's memory, secrets too, in a file. `--disable-breakpad` and
    // `--disable-crash-reporter` stop only the upload; without the reporter the page is loaded again as before.
    "--disable-crashpad-for-testing",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-pings",
    "--disable-sync",
    "--disk-cache-size=1",
    "--media-cache-size=1",
    "--metrics-recording-only",
    "--no-pings",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    `--disable-features=${unwanted.join(",")}`,
    // There is no network, so its service needs no process of its own; on Linux that one has no sandbox either.
    "--enable-features=NetworkServiceInProcess2",
    // Nothing that asks or tells beside the page.
    "--deny-permission-prompts",
    "--disable-infobars",
    "--disable-notifications",
    "--disable-print-preview",
    "--disable-prompt-on-repost",
    "--disable-save-password-bubble",
    "--disable-session-crashed-bubble",
    "--hide-crash-restore-bubble",
    "--no-default-browser-check",
    "--no-first-run",
    "--noerrdialogs",
    "--password-store=basic",
    "--disable-pinch",
    // docs/decisions/0007: the processor draws, in Chromium as in the compositor.
    "--disable-gpu",
    // A slow machine is not a hung one. The watchdog ends the process that draws after some ten seconds, and when that
    // has happened a few times Chromium ends itself; the monitor would put a question in front of the page.
    "--disable-gpu-watchdog",
    // The process that draws may crash as often as it likes: it is started again, and the page stays.
    "--disable-gpu-process-crash-limit",
    "--disable-hang-monitor",
    "--overscroll-history-navigation=0",
    ...(flags.accessible ? ["--force-renderer-accessibility"] : []),
    ...(flags.qaPort === null ? [] : [`--remote-debugging-port=${String(flags.qaPort)}`]),
    // An app's window has no tabs, and the page gets every key before the browser does. Chromium takes only some
    // schemes for an app's: with about:blank it would open an ordinary window with its "New Tab" page.
    ...(flags.headless
      ? ["--headless", "about:blank"]
      : ["--kiosk", "--ozone-platform=wayland", "--start-fullscreen", "--app=data:text/html,"]),
  ];
}

/** Variables of the session that Chromium gets; the rest stays outside. */
const PASSED = [
  "HOME",
  "PATH",
  "XDG_RUNTIME_DIR",
  "WAYLAND_DISPLAY",
  "DBUS_SESSION_BUS_ADDRESS",
  "AT_SPI_BUS_ADDRESS",
  "XDG_DATA_DIRS",
];

/** The environment of Chromium. Without an answer it would start the accessibility bus to ask there. */
export function chromiumEnvironment(env: NodeJS.ProcessEnv, accessible: boolean): Record<string, string> {
  const passed = PASSED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return { ...Object.fromEntries(passed), LC_ALL: "C.UTF-8", ACCESSIBILITY_ENABLED: accessible ? "1" : "0" };
}
