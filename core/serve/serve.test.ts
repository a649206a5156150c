import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ModelMetadata } from '../contracts/result.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { readModel } from '../onnx/read.ts';
import { writeModel } from '../onnx/write.ts';
import { parseCell } from './cell.ts';
import { makeFeeds } from './feeds.ts';
import { readModelMetadata } from './metadata.ts';
import { predictionHeader, predictionLines, readPredictions } from './predictions.ts';

const columns: ModelMetadata['columns'] = [
  { input: 'age', name: 'age', type: 'number', tensor: 'float32' },
  { input: 'id', name: 'id', type: 'number', tensor: 'float64' },
  { input: 'town', name: 'town', type: 'category', tensor: 'string' },
];
const metadata: ModelMetadata = {
  schema: 'warmstart.model/1',
  task: 'classification',
  target: 'left',
  classes: ['no', 'yes, "soon"'],
  metric: 'roc_auc',
  scores: { validation: null, test: null },
  columns,
};

describe('cells', () => {
  test.each([
    ['12', 12],
    [' -3.5e2 ', -350],
    ['.5', 0.5],
    ['inf', Number.NaN],
    [' ? ', Number.NaN],
    ['', Number.NaN],
    ['NA', Number.NaN],
    [null, Number.NaN],
    ['forty', undefined],
    ['0x10', undefined],
    ['1,5', undefined],
  ])('%j is %d', (text, value) => {
    expect(parseCell(text)).toEqual(value);
  });

  test('every finite number reads back from its own text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(parseCell(String(x))).toBe(x === 0 ? Number(String(x)) : x);
      }),
    );
  });
});

describe('feeds', () => {
  test('one [N,1] tensor per column, missing and unreadable cells as the contract says', () => {
    const rows = [
      { age: '39', id: '16777217', town: 'Brno' },
      { age: 'forty', id: null, town: null },
    ] as const;
    const feeds = makeFeeds(columns, rows.length, (row, input) => rows[row]?.[input as 'age']);
    expect(feeds.tensors.age).toEqual({ type: 'float32', dims: [2, 1], data: Float32Array.of(39, Number.NaN) });
    expect(feeds.tensors.id).toEqual({ type: 'float64', dims: [2, 1], data: Float64Array.of(16_777_217, Number.NaN) });
    expect(feeds.tensors.town).toEqual({ type: 'string', dims: [2, 1], data: ['Brno', ''] });
    expect(feeds.unreadable).toEqual([{ row: 1, input: 'age', value: 'forty' }]);
  });
});

describe('metadata', () => {
  test('is read back from the file, and its absence is named', () => {
    const g = new GraphBuilder();
    g.output('y', 'float32', ['N', 1], g.node('Neg', [g.input('x', 'float32', ['N', 1])]));
    const model = readModel(g.toBytes());
    const bytes = writeModel({ ...model, metadata: { other: 'x', warmstart: JSON.stringify(metadata) } });
    expect(readModelMetadata(bytes)).toEqual(metadata);
    expect(() => readModelMetadata(g.toBytes())).toThrow('not made by Warmstart');
    const future = { ...metadata, schema: 'warmstart.model/9' };
    const odd = writeModel({ ...model, metadata: { warmstart: JSON.stringify(future) } });
    expect(() => readModelMetadata(odd)).toThrow('unknown version');
  });
});

describe('predictions.csv', () => {
  test('classes in order, quoted where needed', () => {
    const predictions = readPredictions(metadata, {
      label: { type: 'string', dims: [2], data: ['no', 'yes, "soon"'] },
      probabilities: { type: 'float32', dims: [2, 2], data: Float32Array.of(0.75, 0.25, 0.1, 0.9) },
    });
    expect(predictionHeader(predictions)).toBe('prediction,probability_no,"probability_yes, ""soon"""');
    expect(predictionLines(predictions)).toBe('no,0.75,0.25\n"yes, ""soon""",0.1,0.9\n');
  });

  test('bounds only where the model gives them; float32 values survive the text', () => {
    const plain = readPredictions({ task: 'regression', classes: null }, values([1.5]));
    expect([predictionHeader(plain), predictionLines(plain)]).toEqual(['prediction', '1.5\n']);
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (x) => {
        const line = predictionLines(readPredictions({ task: 'regression', classes: null }, values([x])));
        expect(Math.fround(Number(line)) + 0).toBe(x + 0);
      }),
    );
    const bounded = readPredictions(
      { task: 'regression', classes: null },
      { ...values([2]), value_lower: values([1]).value, value_upper: values([3]).value },
    );
    expect([predictionHeader(bounded), predictionLines(bounded)]).toEqual(['prediction,lower,upper', '2,1,3\n']);
  });

  test('a graph without the promised outputs is refused', () => {
    expect(() => readPredictions(metadata, values([1]))).toThrow('label and probabilities');
  });

  const values = (data: number[]) => ({
    value: { type: 'float32' as const, dims: [data.length, 1], data: Float32Array.from(data) },
  });
});
