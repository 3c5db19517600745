import type { Plan } from "../../app/plan.ts";

/** A plan for a disk of 512 GB with TPM and PIN. */
export const testPlan: Plan = {
  apiVersion: "silvermetal/plan/v1",
  release: "1.0.0",
  disk: { path: "/dev/nvme0n1", model: "Fast Disk", serial: "S4EVNX0M123456", byId: null, size: 512_110_190_592 },
  lost: [{ what: "Windows", size: 200_000_000_000 }],
  encryption: { passphrase: "given", tpm2: true, pin: true, recoveryKey: true, argon2Memory: 1024 ** 3 },
  enrolment: "none",
  notices: [],
  jobs: [
    { id: "partition", title: "Divide the disk", actions: [], weight: 0.1 },
    { id: "encrypt", title: "Encrypt the disk", actions: [], weight: 0.4 },
    { id: "boot", title: "Write the boot chain", actions: [], weight: 0.5 },
  ],
};
