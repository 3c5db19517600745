import { useId, type JSX, type MouseEvent } from "react";
import styles from "./account.module.css";
import { landRows, NORTH, STEP, WEST } from "./land.ts";
import { nearestZone, placeOf } from "./timezones.ts";

const COLUMNS = 360 / STEP;
const HEIGHT = landRows.length;

/** One rectangle for each run of land in a row; cells of the map are one unit wide and high. */
function landPath(): string {
  return landRows
    .flatMap((row, y) => {
      const bits = Array.from(row, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0")).join("");
      return [...bits.matchAll(/1+/g)].map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`);
    })
    .join("");
}

const land = landPath();

/** Where a place is on the map, in cells. */
const positionOf = (zone: string): { readonly x: number; readonly y: number } | null => {
  const place = placeOf(zone);
  return place === null ? null : { x: (place.longitude - WEST) / STEP, y: (NORTH - place.latitude) / STEP };
};

interface WorldMapProps {
  readonly selected: string;
  readonly available: readonly string[];
  readonly onSelect: (zone: string) => void;
}

/**
 * A map to point at. Hidden from screen readers and the keyboard: the list beside it offers the same, and better to
 * those who do not see the map.
 */
export function WorldMap({ selected, available, onSelect }: WorldMapProps): JSX.Element {
  const dots = useId();
  const pin = positionOf(selected);
  const point = ({ currentTarget, clientX, clientY }: MouseEvent<SVGSVGElement>): void => {
    const box = currentTarget.getBoundingClientRect();
    const longitude = WEST + ((clientX - box.left) / box.width) * 360;
    const latitude = NORTH - ((clientY - box.top) / box.height) * HEIGHT * STEP;
    const zone = nearestZone(latitude, longitude, available);
    if (zone !== null) onSelect(zone);
  };
  return (
    <div className={styles.frame}>
      <svg className={styles.map} viewBox={`0 0 ${COLUMNS} ${HEIGHT}`} aria-hidden onClick={point}>
        <defs>
          <pattern id={dots} width="1" height="1" patternUnits="userSpaceOnUse">
            <circle cx="0.5" cy="0.5" r="0.36" className={styles.land} />
          </pattern>
        </defs>
        <path d={land} fill={`url(#${dots})`} />
        {pin === null ? null : (
          <g className={styles.pin}>
            <circle cx={pin.x} cy={pin.y} r="3" className={styles.halo} />
            <circle cx={pin.x} cy={pin.y} r="1.2" />
          </g>
        )}
      </svg>
    </div>
  );
}
