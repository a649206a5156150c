/** What was found about splitting a table, in plain words. */
import type { ColumnLeak, Gap, Shift, SplitQuestion, SplitReport } from '#core/contracts/splits.ts';
import type { SplitPolicy } from '#core/contracts/task.ts';
import { formatCount, formatPercent, metricLabel, plural } from './format.ts';

/** A probe's score says no more than this. */
const score = (value: number): string => `${value < -0.005 ? '−' : ''}${Math.abs(value).toFixed(2)}`;
const gapWords = ({ low, high }: Gap): string => `gap ${score(low)} to ${score(high)}`;

export interface QuestionWords {
  readonly title: string;
  readonly text: string;
  /** What one click does; null where no split does it. */
  readonly take: string | null;
}

/** A question that matters, with what a person needs to answer it. */
export function askWords(question: SplitQuestion, report: Pick<SplitReport, 'metric'>): QuestionWords {
  const { about, column, gap } = question;
  const metric = metricLabel(report.metric);
  const random = `A random split scores ${metric} ${score(question.random)}`;
  const apart = score(question.apart);
  if (about === 'group')
    return {
      title: `Rows of one ${column} appear several times`,
      text: `${random}, keeping each ${column} on one side ${apart} (${gapWords(gap)})${
        question.reads === 'neither' ? `, both without reading ${column} itself` : ''
      }. If new rows will be of another ${column}, the lower score is the one to expect.`,
      take: `Keep each ${column} apart`,
    };
  if (about === 'time')
    return {
      title: `Rows change with ${column}`,
      text: `The latest third of the rows scores ${metric} ${score(question.random)} when rows of all times train, ${apart} when only earlier ones do (${gapWords(gap)}).${
        question.drift ? driftWords(question.drift) : ''
      } If the model will predict what comes later, the lower score is the one to expect.`,
      take: 'Let the latest rows judge',
    };
  return {
    title: `${formatPercent(question.company)} of the rows are nearly the same as another one`,
    text: `${random}, keeping copies on one side ${apart} (${gapWords(gap)}): a model is praised for remembering them.`,
    take: null,
  };
}

function driftWords({ low, columns }: Shift): string {
  if (low <= 0.55 || columns.length === 0) return '';
  return ` Most changed: ${columns
    .slice(0, 3)
    .map(({ column }) => column)
    .join(', ')}.`;
}

/** What became of a question once its split is taken. */
export function takenWords(question: SplitQuestion, report: Pick<SplitReport, 'metric'>): string {
  const scores = `a quick model scores ${metricLabel(report.metric)} ${score(question.apart)} where a random split shows ${score(question.random)} (${gapWords(question.gap)})`;
  return question.about === 'time'
    ? `On the latest rows ${scores}.`
    : `With each ${question.column} on one side ${scores}.`;
}

/** Nothing to ask. */
export function quietWords(report: SplitReport): string {
  if (report.score === null) return `${plural(report.looked, 'row')} are too few to compare splits.`;
  const tried = report.questions.flatMap(({ column }) => (column ? [column] : []));
  const looked = report.looked < report.rows ? `a sample of ${formatCount(report.looked)} rows` : 'all rows';
  if (tried.length > 0)
    return `Tried on ${looked}: keeping rows apart by ${tried.join(', ')} scores no surely lower than a random split.`;
  return `Tried on ${looked}: no groups, course of time or copies that make a random split flatter.`;
}

export const sameSplit = (a: SplitPolicy, b: SplitPolicy): boolean =>
  (a.kind === 'group' && b.kind === 'group' && a.groupColumn === b.groupColumn) ||
  (a.kind === 'time' && b.kind === 'time' && a.timeColumn === b.timeColumn) ||
  (a.kind === 'random' && b.kind === 'random');

export interface Finding {
  readonly key: string;
  readonly severity: 'serious' | 'warning' | 'info';
  readonly text: string;
  /** A column to leave out, or rows of the version to leave out. */
  readonly ignore: string | null;
  readonly leaveOut: readonly number[];
}

/** All of a report as a list, the gravest first. */
export function findingsOf(report: SplitReport): Finding[] {
  const none = { ignore: null, leaveOut: [] };
  const metric = metricLabel(report.metric);
  const findings: Finding[] = [
    ...report.leaks.map((leak) => ({
      key: `leak ${leak.column}`,
      // Where nothing is lost without it, others know the same.
      severity: leak.suspect && leak.loss.low > 0 ? ('serious' as const) : ('warning' as const),
      text: leakWords(leak, report),
      ignore: leak.column,
      leaveOut: [],
    })),
    ...report.questions.map((question) => {
      const { title, text } = askWords(question, report);
      return {
        key: `${question.about} ${question.column}`,
        severity: question.matters ? ('warning' as const) : ('info' as const),
        text: question.matters ? `${title}. ${text}` : calmWords(question, metric),
        ignore: null,
        leaveOut: question.matters ? question.extra : [],
      };
    }),
    ...report.orders.map(({ column, score: value }) => ({
      key: `order ${column}`,
      severity: column === null ? ('info' as const) : ('warning' as const),
      text: `${column === null ? 'The order of the rows' : `The order of ${column}`} alone predicts ${report.target} with ${alone(report)} ${score(value)}: rows may have been collected class by class or over time.`,
      ignore: column,
      leaveOut: [],
    })),
  ];
  if (report.shift) findings.push({ key: 'shift', ...shiftWords(report.shift), ...none });
  const rank = { serious: 0, warning: 1, info: 2 };
  return findings.sort((a, b) => rank[a.severity] - rank[b.severity]);
}

const alone = ({ kind }: Pick<SplitReport, 'kind'>) => (kind === 'regression' ? 'R²' : 'AUC');

function leakWords(leak: ColumnLeak, report: SplitReport): string {
  const metric = alone(report);
  return `${leak.column} alone predicts ${report.target} with ${metric} ${score(leak.alone)}; all columns together reach ${score(leak.whole)}. Without it a quick model scores ${metricLabel(report.metric)} ${score(leak.without)} (${gapWords(leak.loss)}). It may not be known yet when a prediction is made.`;
}

function calmWords({ about, column, random, apart, company }: SplitQuestion, metric: string): string {
  const scores = `${metric} ${score(apart)} against ${score(random)} of a random split, which may be chance or too little to matter`;
  if (about === 'time') return `Predicting later ${column} from earlier: ${scores}.`;
  if (about === 'group') return `Keeping each ${column} on one side: ${scores}.`;
  return `${formatPercent(company)} of the rows have a near copy; keeping copies on one side: ${scores}.`;
}

function shiftWords({ value, low, high, columns }: Shift): Pick<Finding, 'severity' | 'text'> {
  const told = columns.map(({ column, auc }) => `${column} (${score(auc)})`).join(', ');
  if (low <= 0.55)
    return {
      severity: 'info',
      text: `The rows of the test file look like these: a quick model tells them apart with AUC ${score(value)}, where 0.50 is chance.`,
    };
  return {
    severity: 'warning',
    text: `The rows of the test file differ: a quick model tells them apart with AUC ${score(value)} (${score(low)} to ${score(high)}), where 0.50 is chance.${told ? ` By themselves tell: ${told}.` : ''}`,
  };
}
