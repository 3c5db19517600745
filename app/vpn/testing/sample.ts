import type { KeyFacts } from "../parse.ts";

/** Keys that open nothing; the names say whose they would be. */
export const sampleKeys = {
  private: "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=",
  peer: "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
  shared: "/UwcSPg38hW/D9Y3tcS1FOV0K1wuURMbS0sesJEP5ak=",
} as const;

/** What a provider gives: both IP versions through one peer. */
export const sampleConf = `[Interface]
PrivateKey = ${sampleKeys.private}
Address = 10.64.0.2/32, fd00:64::2/128
DNS = 10.64.0.1

[Peer]
PublicKey = ${sampleKeys.peer}
AllowedIPs = 0.0.0.0/0, ::/0
Endpoint = 198.51.100.7:51820
`;

/** A computer without other connections. */
export const noFacts: KeyFacts = { publicKeyOf: () => "", isInUse: () => false };
