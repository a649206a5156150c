/** The bank as a file: what ships with the product, and what a workspace saves and adds. */
import { stat } from 'node:fs/promises';
import { and, eq, isNull } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BankFileTask, readBankFile, writeBankFile } from '#core/contracts/bank-file.ts';
import { checkDesign, completeDesign } from '#core/spaces/space.ts';
import { tabularSpace } from '#core/spaces/tabular.ts';
import { bankTasks, bankTrials } from '#db/schema/bank.ts';
import { readSeedBank, seedBankFile } from '#db/seed/bank.ts';
import { loadSeedBank } from '#server/services/bank/load-seed.ts';
import { owner, type Person } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';

let services: TestServices;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  services = await openTestServices();
  ann = await owner(services, 'ann');
  bob = await owner(services, 'bob');
}, 60_000);
afterAll(() => services?.close());

const task = (name: string, trials: number): BankFileTask => ({
  hash: `hash of ${name}`,
  name,
  kind: 'regression',
  metric: 'rmse',
  metaFeatures: { logRows: 3 },
  trials: Array.from({ length: trials }, (_, i) => ({
    key: `${name} ${i}`,
    design: { learner: 'linear', mix: i / 10 },
    designHash: `design ${i}`,
    origin: 'random',
    score: 1 + i,
    seconds: 0.5,
    device: 'cpu',
    budgetSeconds: 60,
  })),
});
const seeds = () => services.db.select().from(bankTasks).where(eq(bankTasks.scope, 'seed'));

test('the seed bank is loaded once, replaced by a newer one, and seen by everybody', async () => {
  const first = writeBankFile([task('old', 2), task('kept', 3)]);
  expect(await loadSeedBank(services, first)).toBe(true);
  expect(await loadSeedBank(services, first)).toBe(false);
  expect(await seeds()).toHaveLength(2);
  expect(await loadSeedBank(services, writeBankFile([task('kept', 4)]))).toBe(true);
  const [kept, ...more] = await seeds();
  expect(more).toEqual([]);
  expect(await services.db.select().from(bankTrials).where(eq(bankTrials.bankTaskId, kept!.id))).toHaveLength(4);
  for (const { call } of [ann, bob]) {
    expect(await call.bank.tasks()).toMatchObject([{ name: 'kept', scope: 'seed', trials: 4, best: 1 }]);
  }
});

test('workers that start together load it once', async () => {
  const text = writeBankFile([task('raced', 5)]);
  const wrote = await Promise.all([1, 2, 3].map(() => loadSeedBank(services, text)));
  expect(wrote.filter(Boolean)).toHaveLength(1);
  expect(await seeds()).toHaveLength(1);
});

test('a workspace saves its tasks and adds those of a file, which stay its own', async () => {
  const workspaceId = (await ann.call.workspace.list())[0]!.id;
  const text = writeBankFile([task('brought', 3)]);
  expect(await ann.call.bank.import({ workspaceId, text })).toEqual({ tasks: 1, trials: 3 });
  expect(await ann.call.bank.import({ workspaceId, text })).toEqual({ tasks: 1, trials: 0 });
  expect(readBankFile((await ann.call.bank.export({ workspaceId })).text)).toEqual([task('brought', 3)]);
  expect((await bob.call.bank.tasks()).map(({ name }) => name)).not.toContain('brought');
  await expect(ann.call.bank.import({ workspaceId, text: 'a,b\n1,2' })).rejects.toThrow('Line 1 is not JSON.');
  const loose = and(isNull(bankTasks.workspaceId), eq(bankTasks.name, 'brought'));
  expect(await services.db.select().from(bankTasks).where(loose)).toEqual([]);
});

test('a task shows what is like it and what the others suggest; designs are found by plain words', async () => {
  const tasks = [task('near', 4), { ...task('far', 4), metaFeatures: { logRows: 6 } }, task('mine', 4)];
  await loadSeedBank(services, writeBankFile(tasks));
  const listed = await bob.call.bank.tasks();
  const mine = await bob.call.bank.task({ id: listed.find(({ name }) => name === 'mine')!.id });
  expect(mine.similar.map(({ name }) => name)).toEqual(['near', 'far']);
  expect(mine.portfolio[0]).toMatchObject({ design: { learner: 'linear', mix: 0 } });
  expect(mine.portfolio[0]!.reason).toContain('near');
  const found = await bob.call.bank.find({ text: 'linear with mix at least 0.1 on large tables, please' });
  expect(found).toMatchObject({
    understood: ['linear', 'mix ≥ 0.1', 'at least 20,000 rows'],
    unknown: ['please'],
    count: 3,
  });
  expect(found.designs.map(({ taskName, design }) => [taskName, design.mix])).toEqual([
    ['far', 0.1],
    ['far', 0.2],
    ['far', 0.3],
  ]);
});

test('what ships is small, holds tasks enough, and every design of it is one of today', async () => {
  expect((await stat(seedBankFile)).size).toBeLessThan(8e6);
  const shipped = readBankFile(await readSeedBank());
  expect(shipped.length).toBeGreaterThanOrEqual(24);
  expect(new Set(shipped.map(({ kind }) => kind))).toEqual(new Set(['classification', 'regression']));
  for (const { name, kind, metric, metaFeatures, trials } of shipped) {
    expect(Object.values(metaFeatures).every(Number.isFinite), name).toBe(true);
    // Fewer say nothing (`bankPortfolio`).
    expect(trials.length, name).toBeGreaterThanOrEqual(3);
    const problem = kind === 'regression' ? kind : metaFeatures.logClasses! > 0.4 ? 'multiclass' : 'binary';
    const space = tabularSpace({ problem, metric, logTarget: true });
    for (const { design } of trials) expect(checkDesign(space, completeDesign(space, design)), name).toEqual([]);
  }
});
