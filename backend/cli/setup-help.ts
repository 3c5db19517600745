/** Exit codes of `silver-setup`; `--help` lists them. */
export const setupExit = { ok: 0, internal: 1, usage: 2, notWorking: 3, refused: 4 } as const;

export const setupHelp = `Usage:

silver-setup vpn import FILE|-
  Makes a WireGuard configuration of your provider (wg-quick's format; - reads standard input) the VPN of this computer and
  turns it on. All of it is checked first.

silver-setup vpn on
  Lets nothing out but the tunnel, now and after every start, and connects it. A host name in the configuration is looked
  up again.

silver-setup vpn off [--yes]
  Disconnects it and lets everything out as it is, until it is turned on again. Asks once; --yes: does not ask.

silver-setup vpn lan allow|deny
  Whether printers, disks and other computers of the local network can be reached beside the tunnel.

silver-setup vpn status [--json]
  Tells whether the tunnel works and what may leave this computer. Changes and sends nothing.

Exit codes:
  0  done; with status: the tunnel works
  1  an internal error
  2  wrong usage
  3  it is on but not connected; with status: it does not work, or is off
  4  refused: nothing has changed
`;
