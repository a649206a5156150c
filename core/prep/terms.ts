/**
 * Words and pairs of neighbouring words of free text, many of them, for models that look up a weight per term. A row is
 * the vector of its terms' weights (inverse document frequencies, as often as a term occurs) divided by its length.
 * Squared weights are multiples of 1/16, so that float32 sums of them are exact in whatever order a runtime adds.
 */
import type { Features, FeatureTensors, TextFeature } from '../contracts/learner.ts';
import type { GraphBuilder } from '../onnx/builder.ts';
import type { StringColumn } from './table.ts';
import { commonWords, tokenize, type WordSurvey } from './words.ts';

/** JSON. Terms are words first, then pairs. */
export interface TermPlan {
  /** All spellings of each word, commonest word first. */
  readonly words: readonly (readonly string[])[];
  /** Numbers of the words of each pair: first, second, first, second .. */
  readonly pairs: readonly number[];
  /** Squared weight of each term. */
  readonly squares: readonly number[];
}

const MOST_WORDS = 12_000;
const MOST_PAIRS = 8000;
/** Rows a term must be in. */
const LEAST_ROWS = 2;
const LEAST_ROWS_OF_PAIR = 3;
/** Tokens of a table beyond which its texts are left to word counts: their terms would take 120 MB. */
const MOST_TOKENS = 15_000_000;
const GRID = 16;

/** The terms of a text column; undefined when there are none or too many. */
export function chooseTerms(column: StringColumn, survey: WordSurvey): TermPlan | undefined {
  if (survey.tokens > MOST_TOKENS) return undefined;
  const { names, spellings: words } = commonWords(survey, MOST_WORDS, LEAST_ROWS);
  if (names.length === 0) return undefined;
  const numbers = numbersOf(words);
  const { counts } = survey;
  const rowsOf = new Map<number, number>();
  const width = names.length;
  column.dictionary.forEach((text, i) => {
    if (counts[i] === 0) return;
    const list = tokenize(text);
    const seen = new Set<number>();
    for (let j = 0; j + 1 < list.length; j++) {
      const first = numbers.get(list[j]!);
      const second = first === undefined ? undefined : numbers.get(list[j + 1]!);
      if (second !== undefined) seen.add(first! * width + second);
    }
    for (const key of seen) rowsOf.set(key, (rowsOf.get(key) ?? 0) + counts[i]!);
  });
  const pairs = [...rowsOf]
    .filter(([, rows]) => rows >= LEAST_ROWS_OF_PAIR)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, MOST_PAIRS);
  const square = (rows: number) => {
    const weight = 1 + Math.log((1 + survey.texts) / (1 + rows));
    return Math.round(GRID * weight * weight) / GRID;
  };
  return {
    words,
    pairs: pairs.flatMap(([key]) => [Math.floor(key / width), key % width]),
    squares: [...names.map((name) => square(survey.rowsOf.get(name)!)), ...pairs.map(([, rows]) => square(rows))],
  };
}

/** Word number of every spelling. */
function numbersOf(words: TermPlan['words']): Map<string, number> {
  return new Map(words.flatMap((forms, i) => forms.map((form) => [form, i] as const)));
}

/** Numeric columns that count words which are terms of a text as well. */
export const countedColumns = ({ texts }: Pick<Features, 'texts'>): ReadonlySet<number> =>
  new Set(texts?.flatMap((text) => [...text.counted]));

/**
 * The terms of any rows; missing texts have none.
 * @param counted see `TextFeature.counted`
 */
export function findTerms(plan: TermPlan, column: StringColumn, counted: Int32Array): TextFeature {
  const numbers = numbersOf(plan.words);
  const width = plan.words.length;
  const pairs = new Map<number, number>();
  for (let j = 0; 2 * j < plan.pairs.length; j++)
    pairs.set(plan.pairs[2 * j]! * width + plan.pairs[2 * j + 1]!, width + j);
  const known = column.dictionary.map((text) => {
    const list = tokenize(text).map((token) => numbers.get(token));
    const found: number[] = [];
    list.forEach((second, j) => {
      if (second === undefined) return;
      found.push(second);
      const first = list[j - 1];
      const pair = first === undefined ? undefined : pairs.get(first * width + second);
      if (pair !== undefined) found.push(pair);
    });
    return found;
  });
  const rows = column.codes.length;
  const starts = new Int32Array(rows + 1);
  const lengths = new Float32Array(rows);
  for (let i = 0; i < rows; i++) starts[i + 1] = starts[i]! + (known[column.codes[i]!]?.length ?? 0);
  const terms = new Int32Array(starts[rows]!);
  for (let i = 0; i < rows; i++) {
    const own = known[column.codes[i]!] ?? [];
    terms.set(own, starts[i]!);
    let sum = 0;
    for (const term of own) sum += plan.squares[term]!;
    lengths[i] = sum > 0 ? Math.sqrt(sum) : 1;
  }
  return { name: column.name, weights: Float32Array.from(plan.squares, Math.sqrt), starts, terms, lengths, counted };
}

/** @param tokens string [N, T], whose last column holds no word */
export function emitTerms(
  graph: GraphBuilder,
  plan: TermPlan,
  tokens: string,
): NonNullable<FeatureTensors['texts']>[number] {
  const width = plan.words.length + 1;
  const words = graph.node(
    'LabelEncoder',
    [tokens],
    {
      keys_strings: plan.words.flat(),
      values_int64s: plan.words.flatMap((forms, i) => forms.map(() => i + 1)),
      default_int64: 0,
    },
    { domain: 'ai.onnx.ml' },
  );
  let terms = words;
  if (plan.pairs.length > 0) {
    const part = (from: number, to: number) =>
      graph.node('Slice', [words, graph.int64([from]), graph.int64([to]), graph.int64([1])]);
    const firsts = graph.node('Mul', [part(0, -1), graph.int64(width)]);
    const keys = graph.node('Add', [firsts, part(1, Number.MAX_SAFE_INTEGER)]);
    const count = plan.pairs.length / 2;
    const numbers = Array.from({ length: count }, (_, j) => j);
    const pairs = graph.node(
      'LabelEncoder',
      [keys],
      {
        keys_int64s: numbers.map((j) => (plan.pairs[2 * j]! + 1) * width + plan.pairs[2 * j + 1]! + 1),
        values_int64s: numbers.map((j) => width + j),
        default_int64: 0,
      },
      { domain: 'ai.onnx.ml' },
    );
    terms = graph.node('Concat', [words, pairs], { axis: 1 });
  }
  const squares = graph.node('Gather', [graph.float32([0, ...plan.squares]), terms]);
  const sum = graph.node('ReduceSum', [squares, graph.int64([1])], { keepdims: 1 });
  const none = graph.node('Equal', [sum, graph.float32(0)]);
  return { terms, lengths: graph.node('Sqrt', [graph.node('Where', [none, graph.float32(1), sum])]) };
}
