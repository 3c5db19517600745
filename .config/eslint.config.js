import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "eslint/config";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Rules of the language itself, for every file; layout is prettier's business alone. */
const coreRules = {
  "array-callback-return": "error",
  eqeqeq: ["error", "always"],
  "no-case-declarations": "error",
  "no-constant-binary-expression": "error",
  "no-control-regex": "error",
  "no-constant-condition": ["error", { checkLoops: false }],
  "no-duplicate-imports": ["error", { allowSeparateTypeImports: true }],
  "no-empty": "error",
  "no-eval": "error",
  "no-fallthrough": "error",
  "no-implicit-coercion": ["error", { boolean: false }],
  "no-new-wrappers": "error",
  "no-param-reassign": "error",
  "no-prototype-builtins": "error",
  "no-restricted-syntax": [
    "error",
    // Through the object `z` esbuild can not see what is used, and keeps all of zod with its fifty languages.
    { selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier", message: 'Write import * as z from "zod".' },
  ],
  "no-self-compare": "error",
  "no-sparse-arrays": "error",
  "no-unsafe-finally": "error",
  "no-useless-escape": "error",
  "no-useless-rename": "error",
  "no-var": "error",
  "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"], location: "anywhere" }],
  "object-shorthand": "error",
  "prefer-const": "error",
  "prefer-template": "off",
  "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
  "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
  "max-depth": ["error", 4],
  "max-params": ["error", 5],
};

const typedRules = {
  "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
  "@typescript-eslint/explicit-module-boundary-types": "error",
  "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
  "@typescript-eslint/no-explicit-any": "error",
  "@typescript-eslint/no-floating-promises": "error",
  "@typescript-eslint/no-misused-promises": "error",
  "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
  "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
  "@typescript-eslint/prefer-readonly": "error",
  "@typescript-eslint/require-await": "off",
  "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
  "@typescript-eslint/return-await": ["error", "in-try-catch"],
  "@typescript-eslint/strict-boolean-expressions": "off",
  "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
};

/** A test file is one long function by nature, and fixtures are read back as plain JSON. */
const testRules = {
  "no-restricted-syntax": "off",
  "max-lines": ["error", { max: 600, skipBlankLines: true, skipComments: true }],
  "max-lines-per-function": "off",
  "@typescript-eslint/explicit-module-boundary-types": "off",
  "@typescript-eslint/no-non-null-assertion": "off",
  "@typescript-eslint/no-unsafe-assignment": "off",
  "@typescript-eslint/unbound-method": "off",
};

const WORDS = "[value=/\\p{L}/u]";
const READ_ALOUD =
  "/^(alt|title|placeholder|label|lead|description|searchLabel|aria-(label|description|valuetext|roledescription))$/";

/** What people read comes from renderer/i18n/: words in the markup would stay English in every other language. */
const componentRules = {
  "no-restricted-syntax": [
    "error",
    { selector: `JSXText${WORDS}`, message: "Put the text into renderer/i18n/en/ and use t()." },
    { selector: `JSXElement > JSXExpressionContainer > Literal${WORDS}`, message: "Use t() for text." },
    {
      selector: `JSXAttribute[name.name=${READ_ALOUD}] > Literal${WORDS}`,
      message: "This attribute is read by people: use t().",
    },
    {
      selector: `JSXAttribute[name.name=${READ_ALOUD}] TemplateElement[value.cooked=/\\p{L}/u]`,
      message: "This attribute is read by people: use t().",
    },
  ],
};

/** A state machine is one declaration, and its type is one that only the compiler can write. */
const machineRules = {
  "max-lines-per-function": "off",
  "@typescript-eslint/explicit-module-boundary-types": "off",
  "@typescript-eslint/no-invalid-void-type": "off",
};

export default defineConfig(
  { ignores: ["**/node_modules/", "out/", ".cache/", "build-iso/rootfs/", "build-iso/esp/", "**/fixtures/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  { files: ["**/*.{ts,tsx,js,mjs,cjs}"], rules: coreRules },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: typedRules,
  },
  { files: ["backend/machine/machine.ts", "backend/session/machine.ts"], rules: machineRules },
  {
    files: ["**/*.tsx"],
    extends: [reactHooks.configs.flat.recommended, jsxA11y.flatConfigs.strict],
    rules: {
      ...componentRules,
      // A dialog gives the focus to its first field (WAI-ARIA Authoring Practices): a prop of our fields, not of the DOM's.
      "jsx-a11y/no-autofocus": ["error", { ignoreNonDOM: true }],
    },
  },
  { files: ["**/*.test.{ts,tsx}", "**/testing/**/*.tsx", "e2e/specs*/**/*.ts"], rules: testRules },
);
