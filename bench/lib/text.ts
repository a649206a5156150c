/** How benches print figures. */

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

/** Rows of cells as lines of columns two spaces apart, aligned at their start or end. */
export function alignedTable(cells: readonly (readonly string[])[], side: 'start' | 'end'): string {
  const widths = cells[0]!.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
  const pad = (cell: string, width: number) => (side === 'start' ? cell.padEnd(width) : cell.padStart(width));
  return cells.map((row) => row.map((cell, c) => pad(cell, widths[c]!)).join('  ')).join('\n');
}
