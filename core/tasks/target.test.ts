import { describe, expect, test } from 'vitest';
import { stringColumn } from '../prep/table.ts';
import { type ClassTarget, encodeClasses, fitTarget } from './target.ts';

const numbers = (values: number[]) => ({ kind: 'number' as const, name: 'y', values: Float64Array.from(values) });

describe('classes', () => {
  test('come out as the file spells them, and are found again by value', () => {
    const { plan, values } = fitTarget(numbers([1, 0, 2, 0]), 'classification', { 0: '0.0', 1: '1.0', 2: '+2' });
    expect((plan as ClassTarget).classes).toEqual(['0.0', '1.0', '+2']);
    expect([...values]).toEqual([1, 0, 2, 0]);
    expect([...encodeClasses(plan as ClassTarget, numbers([2, 3, Number.NaN, 0]))]).toEqual([2, -1, -1, 0]);
  });

  test('of text are texts: 1 and 01 are two', () => {
    const { plan, values } = fitTarget(stringColumn('y', ['01', '1', '01']), 'classification', { 1: '1.0' });
    expect((plan as ClassTarget).classes).toEqual(['01', '1']);
    expect([...values]).toEqual([0, 1, 0]);
    expect(() => fitTarget(stringColumn('y', ['1', '1']), 'classification')).toThrow('only one class');
    expect(() => fitTarget(stringColumn('y', ['a', 'b', 'c']), 'classification')).toThrow('another value in every row');
  });
});
