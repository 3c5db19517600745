/** Exit codes of `silver-trust`; `--help` lists them. */
export const trustExit = { ok: 0, internal: 1, usage: 2, unhealthy: 3, refused: 4 } as const;

export const trustHelp = `Usage:

silver-trust status [--json]
  Tells whether the disk is unlocked as it should, what is wrong, and what to do about it. Changes nothing.

silver-trust reseal [--no-pin] [--key-fd N] [--new-fd N]
  Binds the disk to the TPM for the present state of this computer: after an update of the firmware or its keys, or when
  the TPM was replaced. Where a PIN is in use it asks for one. --no-pin: from now on without a PIN.

silver-trust change pin|passphrase|recovery-key [--key-fd N] [--new-fd N]
  Replaces one of the ways to open the disk. The new one is tested before the old one goes.

silver-trust enroll [--new-fd N]
  Asks the firmware again to trust our Secure Boot key, where the blue screens of an earlier start were left too early.
  Shows the one-time password that they want at the next start.

The passphrase or the recovery key is asked for on the terminal, without echo. For scripts:
  --key-fd N   reads it from file descriptor N, to its end
  --new-fd N   likewise the new PIN or passphrase; a new recovery key or one-time password is written to descriptor N

Exit codes:
  0  done; with status: all is well
  1  an internal error
  2  wrong usage
  3  status: something is wrong
  4  refused, or taken back: nothing has changed
`;
