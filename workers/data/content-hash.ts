/** When two tables are the same data. */
import { createHash } from 'node:crypto';
import type { Profile } from '#core/contracts/dataset.ts';

/** Equal bytes read with equal types are equal data. @param sourceSha256 of the file as it was uploaded */
export function hashContent(sourceSha256: string, profile: Pick<Profile, 'columns'>): string {
  const schema = profile.columns.map(({ name, type }) => [name, type]);
  return createHash('sha256')
    .update(`${sourceSha256}\n${JSON.stringify(schema)}`)
    .digest('hex');
}
