import { describe, expect, test } from 'vitest';
import { emptyForm, metricsFor, parseBudget, reduceForm, type Suggestion, toRequest } from './form-state.ts';

const suggestion: Suggestion = {
  target: 'left',
  kind: 'classification',
  metric: 'roc_auc',
  positiveClass: 'yes',
  split: { kind: 'group', groupColumn: 'firm' },
  budgetSeconds: 120,
};
const versionId = '6f1ab1a2-1f5c-4f5e-9d2f-0a8f3a1f8d11';

describe('new search form', () => {
  test('a suggestion fills what was not touched', () => {
    const touched = reduceForm(emptyForm, { type: 'set', values: { budgetSeconds: 20 } });
    const { values } = reduceForm(touched, { type: 'suggest', suggestion });
    expect(values).toMatchObject({ ...suggestion, budgetSeconds: 20 });
  });

  test('another target opens task, metric, class and split to suggestions again, but not the budget', () => {
    const chosen = reduceForm(emptyForm, { type: 'set', values: { metric: 'accuracy', budgetSeconds: 20 } });
    const moved = reduceForm(chosen, { type: 'set', values: { target: 'wage' } });
    const regression: Suggestion = {
      ...suggestion,
      target: 'wage',
      kind: 'regression',
      metric: 'mae',
      positiveClass: null,
    };
    const { values } = reduceForm(moved, { type: 'suggest', suggestion: regression });
    expect(values).toMatchObject({ target: 'wage', kind: 'regression', metric: 'mae', budgetSeconds: 20 });
  });

  test('another kind never keeps a metric of the old one', () => {
    const chosen = reduceForm(emptyForm, { type: 'set', values: { metric: 'roc_auc' } });
    expect(reduceForm(chosen, { type: 'set', values: { kind: 'regression' } }).values.metric).toBe('rmse');
  });

  test('a cloned request comes back as it was', () => {
    const filled = reduceForm(emptyForm, { type: 'suggest', suggestion });
    const made = toRequest(versionId, filled.values, ['no', 'yes']);
    if (!('request' in made)) throw new Error(made.problem);
    const cloned = reduceForm(emptyForm, { type: 'clone', request: made.request });
    const later = reduceForm(cloned, {
      type: 'suggest',
      suggestion: { ...suggestion, metric: 'mcc', budgetSeconds: 9 },
    });
    expect(toRequest(versionId, later.values, ['no', 'yes'])).toEqual(made);
  });

  test('directions go along, and are for columns of numbers of what is predicted now', () => {
    const directed = reduceForm(emptyForm, { type: 'set', values: { target: 'left', monotone: { age: 1 } } });
    const made = toRequest(versionId, directed.values, ['no', 'yes']);
    expect(made).toMatchObject({ request: { monotone: { age: 1 } } });
    if ('request' in made)
      expect(reduceForm(emptyForm, { type: 'clone', request: made.request }).values.monotone).toEqual({ age: 1 });
    expect(reduceForm(directed, { type: 'set', values: { target: 'wage' } }).values.monotone).toEqual({});
    expect(reduceForm(directed, { type: 'set', values: { metric: 'accuracy' } }).values.monotone).toEqual({ age: 1 });
  });

  test('costs of mistakes go with their metric alone', () => {
    const costs = { yes: { no: 9 } };
    const values = { ...emptyForm.values, target: 'left', metric: 'cost' as const, costs };
    expect(toRequest(versionId, values, ['no', 'yes'])).toMatchObject({ request: { costs } });
    expect(toRequest(versionId, { ...values, metric: 'accuracy' }, ['no', 'yes'])).toMatchObject({
      request: { costs: null },
    });
  });

  test('says what is missing', () => {
    expect(toRequest(versionId, emptyForm.values, [])).toEqual({ problem: 'Choose a target.' });
    const short = { ...emptyForm.values, target: 'left', budgetSeconds: 3 };
    expect(toRequest(versionId, short, [])).toMatchObject({ problem: expect.stringContaining('budgetSeconds') });
  });

  test('f1 of one class only where there are two', () => {
    expect(metricsFor('classification', 2)).toContain('f1');
    expect(metricsFor('classification', 3)).not.toContain('f1');
    expect(metricsFor('regression', null)).toEqual(
      expect.arrayContaining(['rmse', 'mae', 'r2', 'rmsle', 'pinball_90']),
    );
  });
});

test.each([
  ['90', 90],
  ['90 s', 90],
  ['2m', 120],
  ['1.5 min', 90],
  ['1h', 3600],
  ['soon', null],
  ['', null],
])('budget %j', (text, seconds) => {
  expect(parseBudget(text)).toBe(seconds);
});
