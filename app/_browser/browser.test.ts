/** The worker's inner parts on the WebAssembly runtime that browsers run, with a small real graph. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelMetadata } from '#core/contracts/result.ts';
import type { Session } from '#core/contracts/runtime.ts';
import { GraphBuilder } from '#core/onnx/builder.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import { browserName } from './browser-name.ts';
import { runCheck } from './check.ts';
import { explainRow } from './explain-row.ts';
import { measureLatency, quantile } from './measure.ts';
import { ortVersion } from './ort-version.ts';
import { predictFile } from './predict-file.ts';
import { makePredictor, type Predictor } from './predictor.ts';

/** label = town; probabilities = [x, 1 - x]. */
function echoModel(): Uint8Array {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['N', 1]);
  const town = g.input('town', 'string', ['N', 1]);
  const flat = g.int64([-1]);
  g.output('label', 'string', ['N'], g.node('Reshape', [town, flat]));
  const rest = g.node('Sub', [g.float32(1), x]);
  g.output('probabilities', 'float32', ['N', 2], g.node('Concat', [x, rest], { axis: 1 }));
  return g.toBytes();
}

const metadata: ModelMetadata = {
  schema: 'warmstart.model/1',
  task: 'classification',
  target: 'y',
  classes: ['a', 'b'],
  metric: 'accuracy',
  scores: { validation: null, test: null },
  columns: [
    { input: 'x', name: 'x', type: 'number', tensor: 'float32' },
    { input: 'town', name: 'town', type: 'category', tensor: 'string' },
  ],
};

let session: Session;
let predictor: Predictor;
beforeAll(async () => {
  session = await webRuntime.createSession(echoModel());
  predictor = makePredictor(session, metadata);
});
afterAll(() => session.dispose());

describe('browser check', () => {
  test('gives raw outputs of every row in order, whatever the batching, and null for NaN', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({ x: i === 7 ? null : i / 256, town: `t${i}` }));
    const seen: number[] = [];
    const run = await runCheck(
      predictor,
      rows,
      () => performance.now(),
      (done) => seen.push(done),
    );
    expect(run.outputs.labels).toEqual(rows.map((row) => row.town));
    expect(run.outputs.probabilities?.[128]).toEqual([0.5, 0.5]);
    expect(run.outputs.probabilities?.[7]).toEqual([null, null]);
    expect(run.outputs.values).toBeUndefined();
    expect(seen.at(-1)).toBe(301);
    expect(run.oneRow.median).toBeGreaterThan(0);
    expect(run.batch128.p95).toBeGreaterThanOrEqual(run.batch128.median);
  });
});

describe('predictFile', () => {
  const run = (text: string, cancelled = () => false) =>
    predictFile(predictor, new Blob([text]), () => undefined, cancelled);

  test('predicts rows in order across chunks and ignores columns the model does not know', async () => {
    const lines = Array.from({ length: 2500 }, (_, i) => `${i % 3},no,t${i}`);
    const result = await run(`x,y,town\n${lines.join('\n')}\n`);
    const written = (await result.csv.text()).trimEnd().split('\n');
    expect(written[0]).toBe('prediction,probability_a,probability_b');
    expect(written).toHaveLength(2501);
    expect(written[2001]).toBe('t2000,2,-1');
    expect(result).toMatchObject({ rows: 2500, absent: [], ragged: 0, unreadable: { count: 0 } });
  });

  test('says what it took as missing', async () => {
    const result = await run('x\nforty\n0.25\n1,2\n');
    expect(result).toMatchObject({ rows: 3, absent: ['town'], ragged: 1 });
    expect(result.unreadable).toEqual({ count: 1, first: ['row 1, column "x": "forty"'] });
  });

  test('reads numbers as people write them, by the column', async () => {
    const first = async (text: string) => (await (await run(text)).csv.text()).split('\n')[1];
    expect(await first('x;town\n0,25;a\n"1.234,5";b\n')).toBe('a,0.25,0.75');
    expect(await first('x,town\n"$1,250",a\n"$2",b\n')).toBe('a,1250,-1249');
    expect(await run('x,town\n1,a\nforty,b\n')).toMatchObject({ unreadable: { count: 1 } });
  });

  test('refuses a file of other columns, one without rows, and stops when cancelled', async () => {
    await expect(run('p,q\n1,2\n')).rejects.toThrow('It has p, q; the model wants x, town.');
    await expect(run('x,town\n')).rejects.toThrow('a header and no rows');
    await expect(run('x,town\n1,a\n', () => true)).rejects.toThrow('Cancelled');
  });
});

describe('explainRow', () => {
  const question = {
    row: { x: '0.75', town: 'a' },
    background: [0.25, 0.5, 1].map((x) => ({ x, town: 'b' })),
    players: [['x'], ['town']],
  };
  const hooks = { cancelled: () => false, late: () => false, breathe: async () => undefined };

  test('says what each column of a row contributes, by the model itself', async () => {
    const found = await explainRow(predictor, question, 1, hooks);
    expect(found?.prediction).toBeCloseTo(0.25, 6);
    expect(found?.base).toBeCloseTo(1 - 1.75 / 3, 6);
    expect([...(found?.values ?? [])]).toEqual([expect.closeTo(1.75 / 3 - 0.75, 6), 0]);
  });

  test('makes do with the background rows so far when late, and gives nothing when cancelled', async () => {
    const wide = { ...question, background: Array.from({ length: 200 }, (_, i) => ({ x: i / 256, town: 'b' })) };
    const late = await explainRow(predictor, wide, 0, { ...hooks, late: () => true });
    expect(late?.backgrounds).toBeLessThan(200);
    expect((late?.values[0] ?? 0) + (late?.base ?? 0)).toBeCloseTo(0.75, 6);
    let asked = 0;
    expect(await explainRow(predictor, wide, 0, { ...hooks, cancelled: () => ++asked > 2 })).toBeNull();
    expect(asked).toBe(3);
  });
});

test('latency leaves warm-up out and interpolates quantiles', async () => {
  let clock = 0;
  let calls = 0;
  const latency = await measureLatency(
    async () => {
      calls += 1;
      clock += calls <= 5 ? 100 : 2;
    },
    () => clock,
    { milliseconds: 20, minRuns: 3 },
  );
  expect(latency).toEqual({ median: 2, p95: 2, runs: 10 });
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
});

test('the copied runtime and the installed package are of one version', () => {
  const text = readFileSync(new URL('../../node_modules/onnxruntime-web/package.json', import.meta.url), 'utf8');
  const installed: unknown = JSON.parse(text);
  expect(installed).toMatchObject({ version: ortVersion });
});

test.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    'Chrome 156',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/153.0.0.0 Safari/537.36', 'Headless Chrome 153'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0', 'Firefox 141'],
  ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15', 'Safari 19'],
  ['Mozilla/5.0 AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0', 'Edge 156'],
])('%s', (agent, name) => {
  expect(browserName(agent)).toBe(name);
});
