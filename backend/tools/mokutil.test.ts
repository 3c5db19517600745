import { expect, it } from "vitest";
import { Secret } from "../../app/secret.ts";
import { fakeExec } from "../testing/fake-exec.ts";
import { hashMokPassword } from "./mkpasswd.ts";
import { requestedKeys, requestKey } from "./mokutil.ts";

const listed = `[key 1]
Owner: 605dab50-e046-4300-abb6-3dd810dd8b23
SHA1 Fingerprint: 53:61:0c:f8:1f:bd:7e:0c:eb:67:91:3c:9e:f3:e7:94:a9:63:3e:cb
Certificate:
    Data:
        Version: 3 (0x2)
        X509v3 Subject Key Identifier: 
            6C:CE:CE:7E:4C:6C:0D:1F:61:49:F3:DD:27:DF:CC:5C:BB:41:9E:A1

[key 2]
Owner: 605dab50-e046-4300-abb6-3dd810dd8b23
SHA1 Fingerprint: 00:de:92:31:50:07:a1:74:4e:bc:c5:bc:8d:57:a5:c9:37:e5:c0:25
`;

it.each([
  [listed, ["53610cf81fbd7e0ceb67913c9ef3e794a9633ecb", "00de92315007a1744ebcc5bc8d57a5c937e5c025"]],
  ["", []],
])("reads what is queued", async (stdout, expected) => {
  expect(await requestedKeys(fakeExec([{ program: "mokutil", stdout }]))).toEqual(expected);
});

it("hands the hash over on a descriptor, and makes it by the one method that mokutil and MokManager both know", async () => {
  const stdout = "$6$eCmGnY4zPsDEKvGh$kg8OB1.PhsYmqBLVGcqEXFZQ4zQK4\n";
  const exec = fakeExec([{ program: "mkpasswd", stdout }, { program: "mokutil" }]);
  const hash = await hashMokPassword(exec, new Secret("27182818"));
  await requestKey(exec, "/keys/ours.der", hash);
  expect(exec.calls[0]?.args).toContain("--method=sha512crypt");
  expect(exec.calls[1]?.args.join(" ")).toBe("--import /keys/ours.der --hash-file /dev/fd/3");
  expect(exec.calls[1]?.options.inputs).toEqual([hash]);
  expect(hash.reveal()).toBe(stdout.trim());
});

it("refuses a hash of another method", async () => {
  const exec = fakeExec([{ program: "mkpasswd", stdout: "$y$j9T$abcdefghijklmnopqrstuv\n" }]);
  await expect(hashMokPassword(exec, new Secret("27182818"))).rejects.toMatchObject({ kind: "tool-failed" });
});
