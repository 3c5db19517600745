import {
  Accessibility,
  AppWindow,
  ArrowLeft,
  ArrowRight,
  BatteryCharging,
  BatteryLow,
  Check,
  ChevronDown,
  CircleAlert,
  CircleCheck,
  CircleHelp,
  Clock,
  Copy,
  Cpu,
  Dices,
  Download,
  Eye,
  EyeOff,
  EthernetPort,
  FileText,
  Fingerprint,
  Globe,
  HardDrive,
  Info,
  Keyboard,
  KeyRound,
  Laptop,
  Lightbulb,
  Lock,
  LockOpen,
  MemoryStick,
  Monitor,
  OctagonAlert,
  Pause,
  Play,
  Power,
  Printer,
  QrCode,
  RefreshCw,
  RotateCcw,
  Save,
  Search,
  Shield,
  ShieldCheck,
  ShieldOff,
  Trash2,
  TriangleAlert,
  Usb,
  User,
  Wifi,
  WifiHigh,
  WifiLow,
  WifiOff,
  X,
  type LucideIcon,
} from "lucide-react";
import type { JSX } from "react";
import { cx } from "./cx.ts";
import styles from "./Icon.module.css";

const icons = {
  accessibility: Accessibility,
  alert: CircleAlert,
  back: ArrowLeft,
  battery: BatteryCharging,
  batteryLow: BatteryLow,
  check: Check,
  chevron: ChevronDown,
  clock: Clock,
  close: X,
  copy: Copy,
  cpu: Cpu,
  danger: OctagonAlert,
  dice: Dices,
  disk: HardDrive,
  download: Download,
  erase: Trash2,
  ethernet: EthernetPort,
  file: FileText,
  fingerprint: Fingerprint,
  forward: ArrowRight,
  globe: Globe,
  help: CircleHelp,
  hide: EyeOff,
  info: Info,
  key: KeyRound,
  keyboard: Keyboard,
  laptop: Laptop,
  light: Lightbulb,
  lock: Lock,
  memory: MemoryStick,
  monitor: Monitor,
  pause: Pause,
  play: Play,
  power: Power,
  print: Printer,
  qrCode: QrCode,
  refresh: RefreshCw,
  restart: RotateCcw,
  save: Save,
  search: Search,
  shield: Shield,
  shieldCheck: ShieldCheck,
  shieldOff: ShieldOff,
  show: Eye,
  success: CircleCheck,
  system: AppWindow,
  unlocked: LockOpen,
  usb: Usb,
  user: User,
  warning: TriangleAlert,
  wifi: Wifi,
  wifiMedium: WifiHigh,
  wifiOff: WifiOff,
  wifiWeak: WifiLow,
} as const satisfies Record<string, LucideIcon>;

export type IconName = keyof typeof icons;

/** Icons that point along the line of text and turn round where it runs from right to left. */
const directed: readonly IconName[] = ["back", "forward"];

interface IconProps {
  readonly name: IconName;
  /** In rem; 1.25 by default. */
  readonly size?: number;
}

/** A picture beside a text that says the same: hidden from screen readers. */
export function Icon({ name, size = 1.25 }: IconProps): JSX.Element {
  const Drawing = icons[name];
  const length = `${size}rem`;
  return (
    <Drawing
      aria-hidden
      width={length}
      height={length}
      strokeWidth={1.75}
      className={cx(styles.icon, directed.includes(name) && styles.directed)}
    />
  );
}
