/** When two tables are the same data. */
import { createHash } from 'node:crypto';
import type { Profile } from '#core/contracts/dataset.ts';

/**
 * Equal bytes read with equal types are equal data, unless rows are left out.
 * @param sourceSha256 of the file as it was uploaded
 * @param excludedRows of the file that are left out, ascending
 */
export function hashContent(
  sourceSha256: string,
  profile: Pick<Profile, 'columns'>,
  excludedRows: readonly number[] = [],
): string {
  const schema = profile.columns.map(({ name, type }) => [name, type]);
  const left = excludedRows.length > 0 ? `\n${excludedRows.join()}` : '';
  return createHash('sha256')
    .update(`${sourceSha256}\n${JSON.stringify(schema)}${left}`)
    .digest('hex');
}
