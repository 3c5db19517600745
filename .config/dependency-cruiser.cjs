// Who may import whom; the table is in docs/ARCHITECTURE.md, the proof that each rule fires in .ci/import-rules.test.ts.

const TEST = "\\.test\\.tsx?$";
/** Fakes and recorded output that only tests use. */
const TESTING = "^(app|backend|main|renderer)/.*testing/";
const RUNNERS = "^(backend/exec|build-iso/exec|e2e/vm/sh)\\.ts$";

/** Local folders that the files of one top-level folder may import besides their own. */
const allowed = {
  app: [],
  branding: ["app", "assets"],
  renderer: ["app", "branding", "assets"],
  backend: ["app"],
  main: ["app", "branding", "assets"],
  "build-iso": ["app", "branding", "assets"],
  e2e: ["app", "branding"],
};

const folderRules = Object.entries(allowed).map(([folder, others]) => ({
  name: `${folder}-imports`,
  comment: others.length === 0 ? `${folder}/ imports no other folder` : `${folder}/ may import ${others.join(", ")}`,
  severity: "error",
  from: { path: `^${folder}/` },
  to: { pathNot: `^(${[folder, ...others].join("|")})/`, dependencyTypes: ["local"] },
}));

/** Layers of the backend from the bottom up; folders of one layer stand beside each other. */
const layers = [
  ["exec\\.ts$", "sys\\.ts$"],
  ["tools/"],
  ["jobs/", "probe/", "trust/", "vpn/"],
  ["machine/"],
  ["platform/", "dryrun/"],
  ["session/"],
  ["cli/"],
];

const layerRules = layers.slice(0, -1).map((layer, index) => ({
  name: `backend-layer-${String(index)}`,
  comment:
    "inside backend/: cli -> session -> platform, dryrun -> machine -> jobs, probe, trust, vpn -> tools -> exec.ts, never upward",
  severity: "error",
  from: { path: `^backend/(${layer.join("|")})`, pathNot: [TEST, TESTING] },
  to: {
    path: `^backend/(${layers
      .slice(index + 1)
      .flat()
      .join("|")})`,
  },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...folderRules,
    ...layerRules,
    {
      name: "programs-only-by-exec",
      comment: "programs are started in one file per folder: it guards argv, secrets, timeouts and environment",
      severity: "error",
      from: { path: "^(app|branding|renderer|backend|main|build-iso|e2e)/", pathNot: RUNNERS },
      to: { path: "(^|/)node_modules/execa/" },
    },
    {
      name: "no-child-process",
      comment: "what is shipped starts programs by backend/exec.ts alone",
      severity: "error",
      from: { path: "^(app|branding|renderer|backend)/", pathNot: [RUNNERS, TEST] },
      to: { path: "^(node:)?child_process$", dependencyTypes: ["core"] },
    },
    {
      name: "contract-without-io",
      comment: "app/ is the contract: no files, no network, no processes",
      severity: "error",
      from: { path: "^(app|branding)/", pathNot: TEST },
      to: { pathNot: "^(node:)?(util|buffer|assert)$", dependencyTypes: ["core"] },
    },
    {
      name: "renderer-without-node",
      comment: "renderer/ runs in a sandbox without Node.js",
      severity: "error",
      from: { path: "^renderer/", pathNot: TEST },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "shipped-without-dev-dependencies",
      comment: "shipped code uses only what package.json lists under dependencies",
      severity: "error",
      from: { path: "^(app|branding|renderer|backend|main)/", pathNot: [TEST, TESTING, "^main/shells/dev/"] },
      to: { dependencyTypes: ["npm-dev", "npm-optional", "npm-peer"] },
    },
    {
      name: "listed-packages-only",
      comment: "every imported package is listed in package.json",
      severity: "error",
      from: { path: "^(app|branding|renderer|backend|main|build-iso|e2e|\\.ci)/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-test-code-in-product",
      comment: "tests and the fakes of testing/ folders stay out of everything else",
      severity: "error",
      from: { pathNot: [TEST, TESTING, "^e2e/"] },
      to: { path: [TEST, TESTING] },
    },
    {
      name: "no-cycles",
      comment: "modules that need each other are one module",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "a module that nothing imports and that imports nothing is left over",
      severity: "error",
      from: {
        orphan: true,
        // Scripts of pages that are served as they are.
        pathNot: [
          TEST,
          "^main/(testing/ui|shells/dev/panel)/",
          "\\.spec\\.ts$",
          "\\.d\\.mts$",
          "\\.config\\.ts$",
          "(^|/)(main|start|run)\\.ts$",
        ],
      },
      to: {},
    },
    {
      name: "no-unresolvable",
      comment: "every import leads somewhere",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(fixtures|rootfs)/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
