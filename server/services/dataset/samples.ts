/** Sample tables: the list, and adding one to a project. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type SampleTable, sampleFile, sampleTables } from '#db/seed/samples.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import { addSource, type VersionRef } from './add-source.ts';

export const listSamples = (): Omit<SampleTable, 'file'>[] => sampleTables.map(({ file: _, ...sample }) => sample);

/** Adding a sample that the project has already answers with that one. */
export async function addSample(ctx: ServiceContext, input: { projectId: string; key: string }): Promise<VersionRef> {
  const access = await authorize(ctx, 'project.addSample', { projectId: input.projectId });
  const sample = sampleTables.find((one) => one.key === input.key);
  if (!sample) throw new AppError('not_found', 'There is no such sample.');
  const bytes = await readFile(sampleFile(sample));
  const versionId = crypto.randomUUID();
  const key = `datasets/${versionId}/source`;
  await ctx.blobs.put(key, bytes);
  return addSource(ctx, {
    access,
    projectId: input.projectId,
    datasetId: null,
    versionId,
    source: { key, sha256: createHash('sha256').update(bytes).digest('hex'), name: sample.file, bytes: bytes.length },
    datasetName: sample.name,
    action: 'project.addSample',
  });
}
