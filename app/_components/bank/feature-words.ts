/** Meta-features in plain words, with values as people write them. */
import { decisionWords } from '../../_lib/decision-words.ts';
import { formatCount, significant } from '../../_lib/format.ts';

const count = (log: number) => formatCount(Math.round(10 ** log));
const percent = (share: number) => `${significant(100 * share, 2)} %`;
const plain = (value: number) => significant(value, 3);

const known: Readonly<Record<string, readonly [term: string, format: (value: number) => string]>> = {
  logRows: ['rows', count],
  logColumns: ['columns', (log) => formatCount(Math.round(10 ** log - 1))],
  rowsPerColumn: ['rows per column', count],
  categoricalShare: ['share of categories', percent],
  logCardinality: ['most categories in a column', (log) => formatCount(Math.round(10 ** log - 1))],
  missingShare: ['missing values', percent],
  regression: ['predicts a number', (value) => (value === 1 ? 'yes' : 'no')],
  logClasses: ['classes', count],
  classEntropy: ['evenness of classes (1 is even)', plain],
  minorityShare: ['smallest class (1 is an even share)', plain],
  targetSkew: ['skew of the target', plain],
  meanSkew: ['skew of columns, 0 to 1', plain],
  meanDistinct: ['distinct values', percent],
  meanLink: ['link with the target, mean', percent],
  maxLink: ['link with the target, strongest', percent],
};

export interface FeatureWords {
  readonly term: string;
  readonly value: string;
}

/** `logRows`, 3.2 → rows, 1,585. */
export function featureWords(name: string, value: number): FeatureWords {
  const [term, format] = known[name] ?? [decisionWords(name), plain];
  return { term, value: format(value) };
}
