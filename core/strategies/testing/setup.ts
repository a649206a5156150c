/** A search of a minute on a middling table, for tests. */
import type { SearchSetup } from '../strategy.ts';

export const testSetup: SearchSetup = {
  problem: 'binary',
  metric: 'roc_auc',
  rows: 5000,
  numericColumns: 12,
  categoricalColumns: 4,
  classes: 2,
  folds: 8,
  logTarget: false,
  searchSeconds: 55,
  workers: 2,
  seed: 3,
  prior: [],
};
