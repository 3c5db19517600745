import * as z from "zod";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * `silver/image.json` on the live medium's ESP, with a detached CMS signature by the release key in
 * `silver/image.json.p7s`. It ties the medium's root image and the installed system's boot files together.
 */
export const ImageManifest = z.strictObject({
  apiVersion: z.literal("silvermetal/image/v1"),
  /** Release version, for example `0.1.0`; names the UKI `silvermetal_<version>.efi`. */
  version: z.string().regex(/^[0-9A-Za-z.~+-]+$/),
  root: z.strictObject({
    /** Size in bytes of the erofs image with its appended verity tree; a multiple of 4096. */
    bytes: z.int().positive(),
    /** Offset in bytes of the verity superblock (veritysetup --hash-offset). */
    hashOffset: z.int().positive(),
    /** dm-verity root hash (SHA-256, hexadecimal). */
    rootHash: sha256,
    /** UUID of the erofs super block; the installed UKI finds its slot by it. */
    erofsUuid: z.uuid(),
    /** GPT partition UUID of the image on the live medium: the first 128 bits of the root hash, so any 128 bits. */
    partitionUuid: z.guid(),
  }),
  /** Files for the installed system's ESP: path on the live ESP below `silver/esp/`, and SHA-256. */
  esp: z.array(
    z.strictObject({
      /** Path below `silver/esp/`, also its path on the target's ESP, for example `EFI/BOOT/BOOTX64.EFI`. */
      path: z.string().regex(/^(?!\/)(?!.*\.\.)[\w./+~-]+$/),
      bytes: z.int().positive(),
      sha256,
    }),
  ),
});
export type ImageManifest = z.infer<typeof ImageManifest>;
