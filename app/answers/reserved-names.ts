/** Users and groups of Debian's base-passwd 3.6 and of the packages in the image; useradd makes a group of the user's name. */
export const reservedUserNames: ReadonlySet<string> = new Set(
  (
    "root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc _apt nobody nogroup adm tty " +
    "disk kmem dialout fax voice cdrom tape sudo audio dip operator src shadow utmp video sasl plugdev staff " +
    "users input sgx kvm render netdev crontab messagebus sshd polkitd tss lpadmin bluetooth avahi colord geoclue rtkit " +
    "usbmux dnsmasq uuidd tcpdump wireshark saned pulse pipewire gdm lightdm clock floppy sddm"
  ).split(" "),
);
