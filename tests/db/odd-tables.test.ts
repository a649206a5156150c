/** Tables with next to nothing in them, from the file to the end: each ends with a verified model or says why there is none. */
import { Readable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskKind } from '#core/contracts/task.ts';
import type { SearchView } from '#core/contracts/views.ts';
import { datasetVersions } from '#db/schema/datasets.ts';
import { createDataset } from '#server/services/dataset/create.ts';
import { isAppError } from '#server/services/errors.ts';
import { owner } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { startTestWorker, type TestWorker, until } from './worker.ts';

let services: TestServices;
let worker: TestWorker;
let me: Awaited<ReturnType<typeof owner>>;
beforeAll(async () => {
  services = await openTestServices();
  worker = await startTestWorker(services);
  me = await owner(services, 'ann');
}, 120_000);
afterAll(async () => {
  await worker?.stop();
  await services?.close();
});

type Outcome = { readonly refused: string } | { readonly view: SearchView };

/** From the file to the end of a search for `y`: refused when it is read or asked about, or ended. */
async function outcomeOf(text: string, kind: TaskKind): Promise<Outcome> {
  const body = Readable.from([Buffer.from(text)]);
  const made = await createDataset(me.ctx.service, { projectId: me.projectId, fileName: 'odd.csv', body });
  const version = await until(async () => {
    const [row] = await services.db.select().from(datasetVersions).where(eq(datasetVersions.id, made.versionId));
    return row && ['ready', 'failed'].includes(row.state) && row;
  });
  if (version.error) return { refused: version.error.message };
  const metric = kind === 'regression' ? ('rmse' as const) : ('log_loss' as const);
  const started = await me.call.search
    .start({
      ...{ datasetVersionId: version.id, target: 'y', kind, metric },
      ...{ budgetSeconds: 20, maxTrials: 2, reuse: false },
    })
    .catch((error: unknown) => {
      if (isAppError((error as Error).cause)) return { refused: (error as Error).message };
      throw error;
    });
  if ('refused' in started) return started;
  const view = await until(async () => {
    const found = await me.call.search.get({ id: started.searchId });
    return ['ready', 'failed', 'cancelled'].includes(found.state) && found;
  });
  return { view };
}

const lines = (header: string, rows: number, line: (i: number) => string): string =>
  `${[header, ...Array.from({ length: rows }, (_, i) => line(i))].join('\n')}\n`;
/** Numbers that look drawn at random and are the same every time. */
const noise = (i: number): number => ((i * 7919) % 101) / 101;

test.each<[string, string, TaskKind, string]>([
  ['no rows', 'x,y\n', 'classification', 'The file has a header but no rows.'],
  ['one row', 'x,z,y\n1,a,yes\n', 'classification', 'Only 1 row has a target; at least 10 are needed.'],
  [
    'four rows',
    lines('x,y', 4, (i) => `${i},${i % 2}`),
    'classification',
    'Only 4 rows have a target; at least 10 are needed.',
  ],
  [
    'one class',
    lines('x,y', 60, (i) => `${noise(i)},yes`),
    'classification',
    'The target "y" holds one value only, so there is nothing to learn.',
  ],
  [
    'a constant target',
    lines('x,y', 60, (i) => `${noise(i)},5`),
    'regression',
    'The target "y" holds one value only, so there is nothing to learn.',
  ],
  [
    'a target of unique strings',
    lines('x,y', 60, (i) => `${noise(i)},name ${i}`),
    'classification',
    'The target y has another value in every row: an identifier or free text is no class to predict.',
  ],
  [
    'nothing but an empty column',
    lines('x,y', 60, (i) => `,${i % 2}`),
    'classification',
    'There is no column left to learn from besides the target.',
  ],
  [
    'nothing but unique strings',
    lines('x,y', 60, (i) => `id-${i},${i % 2}`),
    'classification',
    'Every column besides the target is constant, an identifier or ignored: there is nothing to learn from.',
  ],
])(
  '%s: refused, with the reason',
  async (_, text, kind, message) => {
    const outcome = await outcomeOf(text, kind);
    expect('refused' in outcome ? outcome.refused : outcome.view.error).toBe(message);
    if ('view' in outcome)
      expect(outcome.view.result).toMatchObject({ status: 'failed', failure: 'data', model: null });
  },
  60_000,
);

test.each<[string, string, TaskKind]>([
  ['an empty column', lines('x,nothing,y', 60, (i) => `${noise(i)},,${noise(i) > 0.4 ? 'b' : 'a'}`), 'classification'],
  [
    'a column of unique strings',
    lines('x,code,y', 60, (i) => `${noise(i)},id-${i}-${noise(i)},${noise(i) > 0.4 ? 'b' : 'a'}`),
    'classification',
  ],
  ['ten rows', lines('x,y', 10, (i) => `${noise(i)},${i % 2 ? 'b' : 'a'}`), 'classification'],
  ['ten rows of numbers', lines('x,y', 10, (i) => `${noise(i)},${3 * noise(i)}`), 'regression'],
  [
    '1,100 columns',
    lines([...Array.from({ length: 1100 }, (_, c) => `x${c}`), 'y'].join(','), 60, (i) =>
      [...Array.from({ length: 1100 }, (_, c) => noise(i * (c + 1) + c)), noise(i) > 0.4 ? 'b' : 'a'].join(','),
    ),
    'classification',
  ],
  ['100 classes', lines('x,z,y', 600, (i) => `${i % 100},${noise(i)},class ${i % 100}`), 'classification'],
  ['a class of one row', lines('x,y', 40, (i) => `${noise(i)},${i === 7 ? 'c' : i % 2 ? 'b' : 'a'}`), 'classification'],
])(
  '%s: there is a verified model',
  async (_, text, kind) => {
    const outcome = await outcomeOf(text, kind);
    expect(outcome).toMatchObject({ view: { state: 'ready', error: null } });
    const result = 'view' in outcome ? outcome.view.result : null;
    expect(result?.verification.map(({ pass }) => pass)).toEqual([true, true]);
  },
  90_000,
);
