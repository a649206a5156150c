/** A refusal of a data file, in words for the person who uploaded it. */
import type { DataErrorDetail } from '#core/contracts/dataset.ts';

export class DataError extends Error {
  override name = 'DataError';
  readonly detail: DataErrorDetail;

  constructor(detail: DataErrorDetail) {
    super(detail.message);
    this.detail = { ...detail, ...(detail.value ? { value: shorten(detail.value) } : {}) };
  }
}

/** By name, because bundlers may load this module twice and `instanceof` then fails. */
export function isDataError(error: unknown): error is DataError {
  return error instanceof Error && error.name === 'DataError' && 'detail' in error;
}

/** Values are quoted in messages; a page of text is not. */
export function shorten(value: string, length = 80): string {
  return value.length > length ? `${value.slice(0, length)}…` : value;
}

/** `1 row`, `12,345 rows`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}
