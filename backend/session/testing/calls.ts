import fc from "fast-check";
import { methodNames, type MethodName } from "../../../app/rpc/methods.ts";
import { Phase } from "../../../app/wizard/snapshot.ts";

/** JSON of any shape, with the words of the protocol in it. */
const words = fc.constantFrom(
  ...methodNames,
  ...Phase.options,
  ...["choices", "step", "disk", "name", "value", "passphrase", "medium", "/dev/sdb1", "/dev/nvme0n1", "confirmation"],
  ...["345K", "__proto__", "constructor", "toString", "group", "text", "ssid", "password", "hidden", "jsonrpc", "id"],
);
const anything = fc.jsonValue({ depthSize: "small", maxDepth: 4 });
const nearlyParams = fc.dictionary(words, fc.oneof(words, anything, fc.nat(9), fc.boolean()), { maxKeys: 5 });
const method = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<string>(...methodNames) },
  { weight: 1, arbitrary: fc.constantFrom("dryrun/get", "__proto__", "constructor", "toString", "$/x", "rpc.x", "") },
  { weight: 1, arbitrary: fc.string() },
);

/** Parameters that the method's schema takes, as far as a few values go. */
const lawful: Partial<Record<MethodName, fc.Arbitrary<unknown>>> = {
  "session/update": fc.record(
    {
      step: fc.constantFrom("welcome", "disk", "review", "install", "failure", "done"),
      choices: fc.record(
        {
          userName: fc.string({ maxLength: 64 }),
          language: fc.constantFrom("de", "ar"),
          unlock: fc.constantFrom("pin", "off"),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  ),
  "secret/set": fc.record({
    name: fc.constantFrom("passphrase", "pin", "password"),
    value: fc.string({ maxLength: 40 }),
  }),
  "secret/clear": fc.record({ name: fc.constantFrom("pin", "password") }),
  "recovery/confirm": fc.record({ group: fc.nat(7), text: fc.string({ maxLength: 10 }) }),
  "install/start": fc.record({ confirmation: fc.string({ maxLength: 20 }) }),
  "log/get": fc.record({ from: fc.nat() }),
  "report/save": fc.record({ medium: fc.constantFrom("/dev/sdb1", "/dev/sda1", "../x") }),
  "answers/save": fc.record({ medium: fc.constantFrom("/dev/sdb1", "/dev/nvme0n1p1") }),
  "recovery/save": fc.record({ medium: fc.constantFrom("/dev/sdb1", "/dev/sdc") }),
  "disk/identify": fc.record({ path: fc.constantFrom("/dev/nvme0n1", "/etc/passwd") }),
  "network/connect": fc.record({
    ssid: fc.string({ minLength: 1, maxLength: 32 }),
    hidden: fc.boolean(),
    password: fc.constant(null),
  }),
  "power/act": fc.record({ action: fc.constantFrom("reboot", "poweroff") }),
};

/** A method, or what looks like one, and parameters for it, lawful or not. */
export const call = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(method, fc.oneof(nearlyParams, anything)) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...methodNames)
      .chain((name) => fc.tuple(fc.constant<string>(name), lawful[name] ?? fc.constant({}))),
  },
);
