/** Equality of what stands in receipts, whatever order a database gave their keys. */

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * Where two JSON values first differ, as a path (`setup.rows`), with both values; null where they are equal. What JSON
 * cannot say (undefined, not finite numbers) counts as null.
 */
export function firstDifference(a: unknown, b: unknown, path = ''): { path: string; a: string; b: string } | null {
  const [x, y] = [plain(a), plain(b)];
  const inside = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`);
  if (Array.isArray(x) && Array.isArray(y)) {
    for (let i = 0; i < Math.max(x.length, y.length); i++) {
      const found = firstDifference(x[i], y[i], inside(i));
      if (found) return found;
    }
    return null;
  }
  if (isRecord(x) && isRecord(y)) {
    for (const key of [...new Set([...Object.keys(x), ...Object.keys(y)])].sort()) {
      const found = firstDifference(x[key], y[key], inside(key));
      if (found) return found;
    }
    return null;
  }
  return Object.is(x, y) ? null : { path, a: shown(x), b: shown(y) };
}

function plain(value: unknown): unknown {
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return null;
  return value === 0 ? 0 : value;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
