import { InstallError } from "../../../app/errors.ts";
import { product } from "../../../app/product.ts";
import { luksFormat, luksUuid, openVolume, readHeader } from "../../tools/cryptsetup.ts";
import { always, devices, slots, type Job, type RunContext } from "../context.ts";
import { releaseTarget } from "../release.ts";
import { together } from "../together.ts";

async function run(ctx: RunContext): Promise<void> {
  const { exec, vault, argon2, signal } = ctx;
  const device = devices.luks(ctx);
  ctx.state.encryptStarted = true;
  const { passphrase, volumeKey } = vault;
  await luksFormat(exec, { device, uuid: ctx.ids.luks, passphrase, volumeKey, argon2, signal });
  await openVolume(exec, device, product.luksMapping, volumeKey);
}

async function verify(ctx: RunContext): Promise<void> {
  const device = devices.luks(ctx);
  const [header, uuid] = await together([readHeader(ctx.exec, device), luksUuid(ctx.exec, device)]);
  const slot = header.keyslots[String(slots.passphrase)];
  const segment = header.segments["0"];
  const { argon2 } = ctx;
  const problems = [
    slot?.kdf.type === "argon2id" ? null : "kdf",
    slot?.kdf.memory === argon2.memoryKiB ? null : "memory",
    slot?.kdf.time === argon2.passes ? null : "passes",
    slot?.key_size === 64 ? null : "key size",
    segment?.encryption === "aes-xts-plain64" && segment.sector_size === 4096 ? null : "cipher",
    Object.keys(header.keyslots).length === 1 ? null : "key slots",
    uuid === ctx.ids.luks ? null : "uuid",
  ].filter((problem) => problem !== null);
  if (problems.length === 0) return;
  throw new InstallError("verify-failed", "The LUKS2 header is not as wanted", { device, problems });
}

export const encrypt: Job = {
  id: "encrypt",
  title: "Encrypt the disk",
  weight: 31,
  wanted: always,
  describe: ({ disk, layout, argon2 }) => [
    {
      what: `LUKS2, AES-XTS 512, passphrase by Argon2id with ${String(argon2.memoryKiB / 1024)} MiB and ${String(argon2.passes)} passes`,
      device: disk.path,
      ...layout.luks,
    },
  ],
  run,
  undo: releaseTarget,
  verify,
};
