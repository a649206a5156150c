/** Tables made on the spot for the browser tests. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'warmstart-tables-'));

/** Writes a file to drop and returns its path. */
export function tableFile(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Customers with an identifier, a constant, gaps, and an answer that depends on the other columns. */
export function customers(rows: number): string {
  const lines = ['customer_id,country,plan,tenure,charges,left'];
  for (let row = 0; row < rows; row++) {
    const plan = ['monthly', 'yearly', 'two years'][row % 3];
    const tenure = (row * 37) % 72;
    const charges = row % 17 === 0 ? '' : (18 + ((row * 13) % 100) + 0.5).toFixed(2);
    const left = plan === 'monthly' && tenure < 30 && row % 5 !== 0 ? 'yes' : 'no';
    lines.push(`C${100_000 + row},CH,${plan},${tenure},${charges},${left}`);
  }
  return `${lines.join('\n')}\n`;
}

/** A wide table: `columns` numbers that drift apart, and a class that the first of them decides. */
export function wide(columns: number, rows: number): string {
  const names = Array.from({ length: columns }, (_, column) => `sensor_${column}`);
  const lines = [[...names, 'state'].join(',')];
  for (let row = 0; row < rows; row++) {
    const values = names.map((_, column) => ((row * (column + 3)) % 101) / 10);
    lines.push([...values, (values[0] ?? 0) > 5 ? 'high' : 'low'].join(','));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Several visits of each runner, whose measurements give the runner away; the answer is the runner's own.
 * @param moved by how much all measurements lie higher
 */
export function visits(runners: number, each: number, moved = 0): string {
  const lines = ['runner,pulse,weight,height,well'];
  for (let row = 0; row < runners * each; row++) {
    const runner = (row * 11) % runners;
    const measured = [31, 47, 59].map((factor, k) => {
      const usual = ((runner * factor + 7 * k) % 101) / 10;
      return (usual + moved + ((row * (13 + k)) % 7) / 100).toFixed(2);
    });
    lines.push([`N${runner}`, ...measured, ((runner * 17) % 29) % 2 === 0 ? 'yes' : 'no'].join(','));
  }
  return `${lines.join('\n')}\n`;
}
