/** Slices in plain words. */
import type { ErrorMeasure, Slice, SlicePart, SliceReport } from '#core/contracts/insights.ts';
import { formatCount, formatPercent, plural, significant } from '../../_lib/format.ts';

/** `is basic`, `above 30, up to 60`, `is missing`. */
export function partWords(part: SlicePart): string {
  if (part.kind === 'missing') return 'is missing';
  if (part.kind === 'value') return `is ${part.value}`;
  const { from, to } = part;
  const above = from === null ? [] : [`above ${significant(from, 6)}`];
  const upTo = to === null ? [] : [`up to ${significant(to, 6)}`];
  return [...above, ...upTo].join(', ');
}

/** One error as people picture it: `34 %`, `12.3`. */
export const errorWords = (measure: ErrorMeasure, value: number): string =>
  measure === 'absolute' ? significant(value, 3) : formatPercent(value);

const meanings: Readonly<Record<ErrorMeasure, string>> = {
  wrong: 'wrong labels',
  absolute: 'mean error',
  percent: 'mean error',
};

/** `34 % wrong labels in 412 rows, 12 % elsewhere`. */
export function sliceWords(measure: ErrorMeasure, { rows, error, elsewhere }: Slice): string {
  const [here, there] = [errorWords(measure, error), errorWords(measure, elsewhere)];
  return measure === 'wrong'
    ? `${here} ${meanings.wrong} in ${plural(rows, 'row')}, ${there} elsewhere`
    : `${meanings[measure]} ${here} in ${plural(rows, 'row')}, ${there} elsewhere`;
}

/** How much worse, with its interval: `worse by 18 to 26 points`. */
export function differenceWords(measure: ErrorMeasure, { low, high }: Slice): string {
  if (measure === 'absolute') return `worse by ${significant(low, 2)} to ${significant(high, 2)}`;
  const points = (share: number) => (100 * share).toFixed(high < 0.1 ? 1 : 0);
  return `worse by ${points(low)} to ${points(high)} points`;
}

/** What was looked at, before the list. */
export function reportWords({ measure, rows, error, tested, slices }: SliceReport): string {
  const whole = `${plural(rows, 'training row')}, each predicted by models that had not seen it: ${errorWords(measure, error)} ${meanings[measure]}.`;
  return slices.length === 0
    ? `${whole} ${formatCount(tested)} groups of rows were tested, by one column and by two.`
    : `${whole} These of ${formatCount(tested)} tested groups are worse than all other rows by more than chance; the ones that cost most come first.`;
}
