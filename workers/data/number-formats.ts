/** How the formats of numbers are read in SQL. */
import { isMarker, missingMarkers } from '#core/serve/cell.ts';
import { numberFormats as formats, type NumberFormat } from '#core/serve/number-formats.ts';

/** Plain numbers as programs write them. */
export const plainNumber = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;

export { isMarker, missingMarkers };

export interface SqlNumberFormat extends NumberFormat {
  /** SQL that turns the cell `x` into a plain number. */
  readonly toPlain: (x: string) => string;
}

/** All formats, in the order they are tried. */
export function numberFormats(decimalCommaFirst: boolean): SqlNumberFormat[] {
  return formats(decimalCommaFirst).map((format) => ({
    ...format,
    toPlain: (x) => {
      const digits = `regexp_replace(${x}, '${format.drop}', '', 'g')`;
      return format.decimal === ',' ? `replace(${digits}, ',', '.')` : digits;
    },
  }));
}
