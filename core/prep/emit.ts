/** The preparation as nodes of a graph. */
import type { FeatureTensors } from '../contracts/learner.ts';
import type { GraphBuilder } from '../onnx/builder.ts';
import { emitDates } from './date-features.ts';
import { type Bounds, type ColumnPlan, type Preparation, type StringPlan, tensorOf } from './plan.ts';
import { emitTerms } from './terms.ts';
import { END_TOKEN } from './words.ts';

const FLOAT = 1;

/**
 * Declares one graph input [N, 1] per column and adds the nodes that compute the features.
 * Call it before anything else is added to `graph`, so that inputs get their names.
 * @returns numeric float32 [N, F] with NaN for missing; codes int64 [N, G]. F or G may be 0.
 * @throws RangeError when the preparation has no column: nothing says how many rows there are.
 */
export function emitPreparation(graph: GraphBuilder, preparation: Preparation): FeatureTensors {
  const inputs = preparation.columns.map((plan) => graph.input(plan.input, tensorOf(plan), ['N', 1]));
  const first = inputs[0];
  if (first === undefined)
    throw new RangeError('The table has no column besides the target: a model needs at least one.');
  const numeric: string[] = [];
  const bounds: Bounds[] = [];
  const codes: string[] = [];
  const texts: NonNullable<FeatureTensors['texts']>[number][] = [];
  preparation.columns.forEach((plan, i) => {
    emitColumn(graph, plan, inputs[i]!, preparation.missingMarkers, { numeric, bounds, codes, texts });
  });
  return {
    numeric: numeric.length ? clamped(graph, join(graph, numeric), bounds) : nothing(graph, first, 'float32'),
    codes: codes.length ? join(graph, codes) : nothing(graph, first, 'int64'),
    texts,
  };
}

interface Parts {
  readonly numeric: string[];
  readonly bounds: Bounds[];
  readonly codes: string[];
  readonly texts: NonNullable<FeatureTensors['texts']>[number][];
}

const unbounded: Bounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

function emitColumn(
  graph: GraphBuilder,
  plan: ColumnPlan,
  input: string,
  markers: readonly string[],
  into: Parts,
): void {
  if (plan.kind === 'number') {
    const value = plan.wide ? narrowed(graph, input, plan.offset) : input;
    into.numeric.push(value);
    into.bounds.push(plan.bounds);
    if (plan.coded) into.codes.push(codeNumbers(graph, value, plan.coded));
  } else if (plan.kind === 'date') {
    into.numeric.push(emitDates(graph, plan, input));
    into.bounds.push(...plan.bounds);
  } else if (plan.kind === 'string') {
    if (plan.categories) into.codes.push(codeStrings(graph, input, plan.categories, markers));
    if (plan.words || plan.terms) {
      const [tokens, number] = splitTokens(graph, input);
      if (plan.terms) into.texts.push(emitTerms(graph, plan.terms, tokens));
      if (!plan.words) return;
      into.numeric.push(countTokens(graph, tokens, number, plan.words));
      for (let i = 0; i <= plan.words.length; i++) into.bounds.push(unbounded);
    }
  }
}

function narrowed(graph: GraphBuilder, input: string, offset: number): string {
  const constant = graph.constant({ type: 'float64', dims: [1], data: Float64Array.of(offset) });
  return graph.node('Cast', [graph.node('Sub', [input, constant])], { to: FLOAT });
}

function codeStrings(
  graph: GraphBuilder,
  input: string,
  categories: readonly string[],
  markers: readonly string[],
): string {
  const known = new Set(categories);
  const missing = ['', ...markers.filter((marker) => !known.has(marker))];
  const keys = [...missing, ...categories];
  const values = [...missing.map(() => 0), ...categories.map((_, i) => i + 2)];
  return graph.node(
    'LabelEncoder',
    [input],
    { keys_strings: keys, values_int64s: values, default_int64: 1 },
    { domain: 'ai.onnx.ml' },
  );
}

function codeNumbers(graph: GraphBuilder, value: string, coded: readonly number[]): string {
  const encoded = graph.node(
    'LabelEncoder',
    [value],
    { keys_floats: Float32Array.from(coded), values_int64s: coded.map((_, i) => i + 2), default_int64: 1 },
    { domain: 'ai.onnx.ml' },
  );
  return graph.node('Where', [graph.node('IsNaN', [value]), graph.int64([0]), encoded]);
}

/** The tokens and an end, string [N, T] filled up with empty ones; how many there are, int64 [N]. */
function splitTokens(graph: GraphBuilder, input: string): [tokens: string, number: string] {
  const flat = graph.node('Reshape', [input, graph.int64([-1])]);
  const ended = graph.node('StringConcat', [flat, graph.strings([` ${END_TOKEN}`])]);
  return graph.node('StringSplit', [ended], { delimiter: ' ' }, { outputs: 2 }) as [string, string];
}

/** Number of tokens, then counts of the words: float32 [N, 1 + words]. */
function countTokens(
  graph: GraphBuilder,
  tokens: string,
  number: string,
  words: NonNullable<StringPlan['words']>,
): string {
  const length = graph.node('Cast', [graph.node('Sub', [number, graph.int64([1])])], { to: FLOAT });
  const pool: string[] = [];
  const indices: number[] = [];
  words.forEach((forms, i) => {
    pool.push(...forms);
    for (const _ of forms) indices.push(i);
  });
  const counts = graph.node('TfIdfVectorizer', [tokens], {
    mode: 'TF',
    min_gram_length: 1,
    max_gram_length: 1,
    max_skip_count: 0,
    ngram_counts: [0],
    ngram_indexes: indices,
    pool_strings: pool,
  });
  return graph.node('Concat', [graph.node('Reshape', [length, graph.int64([-1, 1])]), counts], { axis: 1 });
}

/** Comparisons with NaN are false in every runtime, so missing values pass; Clip leaves that open. */
function clamped(graph: GraphBuilder, value: string, bounds: readonly Bounds[]): string {
  const low = graph.float32(bounds.map((b) => b.low));
  const high = graph.float32(bounds.map((b) => b.high));
  const lowered = graph.node('Where', [graph.node('Greater', [value, high]), high, value]);
  return graph.node('Where', [graph.node('Less', [lowered, low]), low, lowered]);
}

function join(graph: GraphBuilder, parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : graph.node('Concat', parts, { axis: 1 });
}

/** A tensor [N, 0]. */
function nothing(graph: GraphBuilder, input: string, type: 'float32' | 'int64'): string {
  const rows = graph.node('Shape', [input], { start: 0, end: 1 });
  const dims = graph.node('Concat', [rows, graph.int64([0])], { axis: 0 });
  const data = type === 'float32' ? new Float32Array(1) : new BigInt64Array(1);
  return graph.node('ConstantOfShape', [dims], { value: { type, dims: [1], data } });
}
