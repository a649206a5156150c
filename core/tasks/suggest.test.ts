import { describe, expect, it } from 'vitest';
import type { ColumnProfile, Profile } from '../contracts/dataset.ts';
import { suggestTask } from './suggest.ts';

const column = (
  name: string,
  type: ColumnProfile['type'],
  distinct: number,
  more: Partial<ColumnProfile> = {},
): ColumnProfile => ({
  name,
  type,
  wide: false,
  missing: 0,
  distinct,
  top: [],
  ...more,
});
const profile = (columns: ColumnProfile[], rows = 1000): Profile => ({
  rows,
  columns,
  warnings: [],
  corrections: [],
  format: { kind: 'csv', header: true },
});

describe('suggestions', () => {
  it('find the target by name or place, and ask AUC of two classes', () => {
    const top = [
      { value: 'no', count: 900 },
      { value: 'yes', count: 100 },
    ];
    const suggestion = suggestTask(
      profile([column('id', 'number', 1000), column('churn', 'category', 2, { top }), column('city', 'category', 30)]),
    )!;
    expect(suggestion).toMatchObject({
      target: 'churn',
      kind: 'classification',
      metric: 'roc_auc',
      positiveClass: 'yes',
      split: { kind: 'random' },
    });
    expect(suggestion.targets.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 9);
    const last = suggestTask(profile([column('a', 'number', 500), column('b', 'number', 700)]))!;
    expect(last).toMatchObject({ target: 'b', kind: 'regression', metric: 'rmse' });
  });

  it('follow the chosen target', () => {
    const digits = Array.from({ length: 10 }, (_, i) => ({ value: String(i), count: 100 }));
    const columns = [column('digit', 'number', 10, { top: digits }), column('price', 'number', 900)];
    expect(suggestTask(profile(columns), 'digit')).toMatchObject({ kind: 'classification', metric: 'accuracy' });
    expect(suggestTask(profile(columns), 'nothing')).toBeNull();
  });

  it('keep groups together and respect time', () => {
    const y = column('y', 'number', 900);
    const grouped = suggestTask(profile([column('patient_id', 'category', 80), y]))!;
    expect(grouped.split).toEqual({ kind: 'group', groupColumn: 'patient_id' });
    expect(suggestTask(profile([column('when', 'date', 800), y]))!.split).toEqual({ kind: 'time', timeColumn: 'when' });
    expect(suggestTask(profile([column('birth_date', 'date', 800), y]))!.split).toEqual({ kind: 'random' });
  });

  it('have nothing to say where no column varies', () => {
    expect(suggestTask(profile([column('a', 'number', 1)]))).toBeNull();
  });
});
