/** Column names from a header, as CONTRACTS names graph inputs: duplicates get `_2`, blanks `column_7`. */

export interface Names {
  readonly names: string[];
  readonly corrections: string[];
}

/** @param header cells of the header, or null where the file has none */
export function nameColumns(header: readonly string[] | null, width: number): Names {
  const corrections: string[] = [];
  if (!header) {
    corrections.push(`No header row was found: the columns are named column_1 to column_${width}.`);
    return { names: Array.from({ length: width }, (_, i) => `column_${i + 1}`), corrections };
  }
  const cells = Array.from({ length: width }, (_, i) => cleanName(header[i] ?? ''));
  const taken = new Set(cells.filter((cell) => cell !== ''));
  const seen = new Set<string>();
  const names = cells.map((cell, i) => {
    const base = cell === '' ? `column_${i + 1}` : cell;
    if (!seen.has(base) && (cell !== '' || !taken.has(base))) {
      seen.add(base);
      if (cell === '') corrections.push(`Column ${i + 1} has no name in the header: it is called ${base}.`);
      return base;
    }
    let n = 2;
    while (seen.has(`${base}_${n}`) || taken.has(`${base}_${n}`)) n++;
    const name = `${base}_${n}`;
    seen.add(name);
    corrections.push(
      cell === ''
        ? `Column ${i + 1} has no name in the header: it is called ${name}.`
        : `The name ${base} stands in the header more than once: column ${i + 1} is called ${name}.`,
    );
    return name;
  });
  return { names, corrections: corrections.length > 20 ? summary(corrections) : corrections };
}

function summary(corrections: string[]): string[] {
  return [...corrections.slice(0, 20), `${corrections.length - 20} more column names were completed in the same way.`];
}

/** Blanks at the ends, line ends and control characters have no place in a name. */
function cleanName(cell: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return cell.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}
