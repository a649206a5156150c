import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import type { CellReader } from '../serve/feeds.ts';
import type { Predictions } from '../serve/predictions.ts';
import { type Cells, playersOf, rowGame } from './columns.ts';
import { explain, type Game } from './shapley.ts';
import { summariseEffects } from './summary.ts';

type Model = (row: readonly number[]) => number;

function gameOf(
  row: readonly number[],
  background: readonly (readonly number[])[],
  model: Model,
): Game & { asked: number } {
  const game = {
    asked: 0,
    players: row.length,
    backgrounds: background.length,
    differs: (player: number, b: number) => row[player] !== background[b]![player],
    async predict(mixtures: Parameters<Game['predict']>[0]) {
      game.asked += mixtures.length;
      return mixtures.map(({ background: b, own }) =>
        model(row.map((cell, j) => (own[j] ? cell : background[b]![j]!))),
      );
    },
  };
  return game;
}

/** The mean over all orders of players, straight from the definition. */
function byDefinition(row: readonly number[], background: readonly (readonly number[])[], model: Model): number[] {
  const orders = (left: readonly number[]): number[][] =>
    left.length === 0
      ? [[]]
      : left.flatMap((one) => orders(left.filter((other) => other !== one)).map((rest) => [one, ...rest]));
  const all = orders(row.map((_, j) => j));
  const values = row.map(() => 0);
  for (const start of background)
    for (const order of all) {
      const now = [...start];
      for (const player of order) {
        const before = model(now);
        now[player] = row[player]!;
        values[player]! += (model(now) - before) / (all.length * background.length);
      }
    }
  return values;
}

const cells = (columns: number) =>
  fc.array(fc.integer({ min: -2, max: 2 }), { minLength: columns, maxLength: columns });
const table = (columns: number) => fc.tuple(cells(columns), fc.array(cells(columns), { minLength: 1, maxLength: 4 }));

/** Works together in all sizes of groups. */
const tangled: Model = (row) =>
  Math.sin(row.reduce((sum, x, j) => sum + (j + 1) * x, 0)) + row.reduce((p, x) => p * (1 + x / 4), 1);

describe('Shapley values', () => {
  it('equal the definition for up to six columns, whatever the model', async () => {
    const tables = fc.integer({ min: 1, max: 6 }).chain(table);
    await fc.assert(
      fc.asyncProperty(tables, async ([row, background]) => {
        const { values } = await explain(gameOf(row, background, tangled), { seed: 1, batch: 7 });
        byDefinition(row, background, tangled).forEach((value, j) => {
          expect(values[j]).toBeCloseTo(value, 9);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('sum to the prediction less the mean of the background, for any number of columns and any end', async () => {
    const tables = fc.integer({ min: 1, max: 20 }).chain(table);
    await fc.assert(
      fc.asyncProperty(tables, fc.integer({ min: 1, max: 5 }), async ([row, background], looks) => {
        let asked = 0;
        const stop = () => ++asked >= looks;
        const { prediction, base, values, backgrounds } = await explain(gameOf(row, background, tangled), {
          seed: 3,
          batch: 1,
          stop,
        });
        expect(prediction).toBeCloseTo(tangled(row), 12);
        expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(prediction - base, 9);
        expect(backgrounds).toBe(Math.min(looks, background.length));
        if (backgrounds === background.length) {
          const mean = background.reduce((sum, one) => sum + tangled(one), 0) / background.length;
          expect(base).toBeCloseTo(mean, 9);
        }
      }),
    );
  });

  it('are exact for any number of columns that work together in pairs', async () => {
    const pairs: Model = (row) => row.reduce((sum, x, j) => sum + x + x * row[(j + 1) % row.length]!, 0);
    await fc.assert(
      fc.asyncProperty(table(11), async ([row, background]) => {
        const { values } = await explain(gameOf(row, background, pairs), { seed: 5 });
        values.forEach((value, j) => {
          const expected = background.map((start) => {
            const [x, y] = [row, start];
            const part = (i: number, k: number) => ((x[i]! - y[i]!) * (x[k]! + y[k]!)) / 2;
            return x[j]! - y[j]! + part(j, (j + 1) % 11) + part(j, (j + 10) % 11);
          });
          expect(value).toBeCloseTo(expected.reduce((a, b) => a + b, 0) / background.length, 9);
        });
      }),
    );
  });

  it('give nothing to a column that the model does not read or that is alike everywhere, and ask no more than needed', async () => {
    const random = new Random(2);
    const draw = () => Array.from({ length: 12 }, (_, j) => (j === 4 ? 1 : random.normal()));
    const background = Array.from({ length: 30 }, draw);
    const game = gameOf(draw(), background, ([a, b, c]) => a! * b! * c!);
    const { values, errors } = await explain(game, { seed: 1 });
    expect([...values.subarray(3)]).toEqual(new Array(9).fill(0));
    expect([...errors.subarray(3)]).toEqual(new Array(9).fill(0));
    expect(errors[0]).toBeGreaterThan(0);
    expect(game.asked).toBe(1 + 30 * (1 + 2 * 10));
  });

  it('come with errors that hold what many more background rows give', async () => {
    const random = new Random(9);
    const draw = () => Array.from({ length: 9 }, () => random.normal());
    const row = draw();
    const model: Model = (x) => x[0]! * x[1]! * x[2]! + 2 * x[3]! + Math.max(x[4]!, x[5]!);
    const background = (rows: number) => Array.from({ length: rows }, draw);
    const truth = (await explain(gameOf(row, background(6000), model), { seed: 1, batch: 5000 })).values;
    let held = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { values, errors } = await explain(gameOf(row, background(30), model), { seed });
      held += [0, 1, 2, 3, 4, 5].filter((j) => Math.abs(values[j]! - truth[j]!) < 1.96 * errors[j]!).length;
    }
    expect(held / 600).toBeGreaterThan(0.87);
  });

  it('stop where predicting is cancelled', async () => {
    const game = gameOf([1, 2], [[0, 0]], tangled);
    const cancelled = { ...game, predict: () => Promise.reject(new Error('cancelled')) };
    await expect(explain(cancelled, { seed: 1 })).rejects.toThrow('cancelled');
  });
});

describe('columns as players', () => {
  const columns = Array.from({ length: 30 }, (_, i) => ({ input: `in${i}`, name: `c${i}` }));

  it('play for themselves by importance, and many of them together', () => {
    expect(playersOf(columns.slice(0, 3), ['c2'])).toEqual([
      { name: 'c2', inputs: ['in2'] },
      { name: 'c0', inputs: ['in0'] },
      { name: 'c1', inputs: ['in1'] },
    ]);
    const many = playersOf(columns, ['c29', 'c7']);
    expect(many).toHaveLength(24);
    expect(many.slice(0, 2).map(({ name }) => name)).toEqual(['c29', 'c7']);
    expect(many.at(-1)).toMatchObject({ name: null });
    expect(new Set(many.flatMap(({ inputs }) => inputs)).size).toBe(30);
  });

  it('read cells of the row or the background, and know equal ones however they are written', async () => {
    const row: Cells = { a: '30', b: 'x', c: null };
    const background: Cells[] = [{ a: 30, b: 'y', c: '' }];
    const seen: unknown[] = [];
    const game = rowGame({ row, background, players: [['a'], ['b', 'c']] }, async (rows, read) =>
      Array.from({ length: rows }, (_, i) => {
        seen.push([read(i, 'a'), read(i, 'b'), read(i, 'c')]);
        return i;
      }),
    );
    expect([game.differs(0, 0), game.differs(1, 0)]).toEqual([false, true]);
    await game.predict([
      { background: 0, own: Uint8Array.of(0, 1) },
      { background: 0, own: Uint8Array.of(1, 0) },
    ]);
    expect(seen).toEqual([
      [30, 'x', null],
      ['30', 'y', ''],
    ]);
  });
});

describe('a summary', () => {
  const random = new Random(4);
  const sample = Array.from({ length: 60 }, () => ({
    a: random.normal(),
    b: random.normal(),
    c: random.integer(3) ? 'x' : null,
  }));
  const players = playersOf(
    ['a', 'b', 'c'].map((name) => ({ input: name, name })),
    [],
  );
  const numbers = async (rows: number, read: CellReader): Promise<Predictions> => ({
    kind: 'regression',
    values: Float32Array.from({ length: rows }, (_, i) => 3 * Number(read(i, 'a')) - Number(read(i, 'b'))),
    lower: null,
    upper: null,
  });
  const options = { seed: 1, rows: 50, background: 16, batch: 100, stop: () => false };

  it('ranks columns by the mean size of their effects, beside their cells', async () => {
    const report = await summariseEffects({ classes: null }, sample, players, numbers, options);
    expect(report).toMatchObject({ output: { kind: 'value' }, rows: 50, background: 16 });
    expect(report.columns.map(({ column }) => column)).toEqual(['a', 'b', 'c']);
    const [a, b, c] = report.columns;
    expect(a!.size / b!.size).toBeCloseTo(3, 0);
    expect(a!.low < a!.size && a!.size < a!.high).toBe(true);
    expect(c).toMatchObject({ size: 0, low: 0, high: 0 });
    // A linear model's effect follows the cell.
    const by = a!.cells.map((cell, i) => [cell as number, a!.effects[i]!] as const).sort((x, y) => x[0] - y[0]);
    expect(by[0]![1]).toBeLessThan(0);
    expect(by.at(-1)![1]).toBeGreaterThan(0);
    expect(new Set(c!.cells)).toEqual(new Set(['x', null]));
  });

  it('speaks of the positive class of two, and of the predicted one of more', async () => {
    const classify =
      (classes: readonly string[]) =>
      async (rows: number, read: CellReader): Promise<Predictions> => {
        const first = Array.from({ length: rows }, (_, i) => (Number(read(i, 'a')) > 0 ? 0.8 : 0.1));
        return {
          kind: 'classification',
          classes,
          labels: first.map((p) => classes[p > 0.5 ? 0 : 1]!),
          probabilities: Float32Array.from(
            first.flatMap((p) => classes.map((_, c) => (c === 0 ? p : (1 - p) / (classes.length - 1)))),
          ),
        };
      };
    const two = ['no', 'yes'];
    const binary = await summariseEffects(
      { classes: two, positiveClass: 'no' },
      sample,
      players,
      classify(two),
      options,
    );
    expect(binary.output).toEqual({ kind: 'class', name: 'no' });
    const a = binary.columns[0]!;
    a.effects.forEach((effect, i) => {
      expect(Math.sign(effect)).toBe(Math.sign(a.cells[i] as number));
    });
    const three = ['p', 'q', 'r'];
    const multi = await summariseEffects({ classes: three }, sample, players, classify(three), options);
    expect(multi.output).toEqual({ kind: 'predicted_class' });
    // Whatever is predicted is predicted because of the only column that counts.
    expect(multi.columns[0]!.effects.every((effect) => effect >= 0)).toBe(true);
  });

  it('makes do with the rows that time allowed', async () => {
    const report = await summariseEffects({ classes: null }, sample, players, numbers, {
      ...options,
      stop: () => true,
    });
    expect(report.rows).toBe(10);
    expect(report.columns[0]!.effects).toHaveLength(10);
  });
});
