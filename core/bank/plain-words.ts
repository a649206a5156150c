/**
 * Designs of the bank asked for in plain words: "oblivious trees deeper than 5 under 2 s on small tables". A controlled
 * grammar whose words come from the bank itself; what it does not know it says (after ArchBERT, Akbari et al. 2023,
 * without its language model).
 */
import type { Design } from '../spaces/space.ts';
import type { MetaFeatures } from './meta-features.ts';

/** What a condition looks at. */
export interface FoundDesign {
  readonly learner: string;
  readonly design: Design;
  readonly seconds: number;
  readonly kind: string;
  readonly metaFeatures: MetaFeatures;
}

export interface Question {
  /** How each condition was understood; a design must meet all. */
  readonly understood: readonly string[];
  /** Words that say nothing here, as they were written. */
  readonly unknown: readonly string[];
  readonly matches: (one: FoundDesign) => boolean;
}

type Test = (one: FoundDesign) => boolean;
type Quantity = (one: FoundDesign) => number | undefined;
interface Condition {
  readonly words: string;
  readonly test: Test;
}

const filler = new Set(
  'a an the of on in for and or with that which has have is are me show find designs design models model tables table data one ones'.split(
    ' ',
  ),
);

const learners: Readonly<Record<string, readonly string[]>> = {
  boosting: ['boosting', 'boosted trees', 'gradient boosting', 'gbdt'],
  forest: ['forest', 'forests', 'random forest', 'random forests'],
  linear: ['linear', 'logistic', 'ridge', 'linear model', 'linear models'],
  mlp: ['mlp', 'network', 'networks', 'neural network', 'neural networks', 'net', 'nets'],
  baseline: ['baseline', 'baselines'],
};
const treeLearners = ['boosting', 'forest'];

const comparisons = new Map<string, keyof typeof compare>(
  Object.entries({
    under: 'below',
    below: 'below',
    '<': 'below',
    'less than': 'below',
    'fewer than': 'below',
    'smaller than': 'below',
    'faster than': 'below',
    over: 'above',
    above: 'above',
    '>': 'above',
    'more than': 'above',
    'larger than': 'above',
    'deeper than': 'above',
    'slower than': 'above',
    'at most': 'most',
    'up to': 'most',
    'at least': 'least',
    from: 'least',
    exactly: 'is',
  } as const),
);
const compare = {
  below: (value: number, bound: number) => value < bound,
  above: (value: number, bound: number) => value > bound,
  most: (value: number, bound: number) => value <= bound,
  least: (value: number, bound: number) => value >= bound,
  is: (value: number, bound: number) => Math.abs(value - bound) <= 1e-9 * Math.abs(bound),
};
const signs = { below: '<', above: '>', most: '≤', least: '≥', is: '=' };
/** Comparisons that name their quantity themselves. */
const ownQuantity: Readonly<Record<string, string>> = {
  'deeper than': 'depth',
  'faster than': 'seconds',
  'slower than': 'seconds',
};

const counted =
  (name: string, shift = 0): Quantity =>
  ({ metaFeatures }) => {
    const log = metaFeatures[name];
    return log === undefined ? undefined : Math.round(10 ** log - shift);
  };
const seconds: Quantity = (one) => one.seconds;
const rows = counted('logRows');
const columns = counted('logColumns', 1);
const ofData: readonly (readonly [word: string, name: string, of: Quantity])[] = [
  ['s', 'seconds', seconds],
  ['sec', 'seconds', seconds],
  ['second', 'seconds', seconds],
  ['seconds', 'seconds', seconds],
  ['rows', 'rows', rows],
  ['columns', 'columns', columns],
  ['classes', 'classes', counted('logClasses')],
];
const within = (quantity: Quantity, low: number, high: number): Test => {
  return (one) => {
    const value = quantity(one);
    return value !== undefined && value >= low && value <= high;
  };
};
const adjectives: Readonly<Record<string, Condition>> = {
  small: { words: 'at most 2,000 rows', test: within(rows, 0, 2000) },
  large: { words: 'at least 20,000 rows', test: within(rows, 20_000, Number.POSITIVE_INFINITY) },
  wide: { words: 'at least 50 columns', test: within(columns, 50, Number.POSITIVE_INFINITY) },
  narrow: { words: 'at most 10 columns', test: within(columns, 0, 10) },
  fast: { words: 'at most 1 s', test: within(seconds, 0, 1) },
  slow: { words: 'at least 10 s', test: within(seconds, 10, Number.POSITIVE_INFINITY) },
  trees: { words: 'boosting or forest', test: ({ learner }) => treeLearners.includes(learner) },
  tree: { words: 'boosting or forest', test: ({ learner }) => treeLearners.includes(learner) },
  classification: { words: 'classification', test: ({ kind }) => kind === 'classification' },
  regression: { words: 'regression', test: ({ kind }) => kind === 'regression' },
};

interface Vocabulary {
  readonly conditions: ReadonlyMap<string, Condition>;
  readonly quantities: ReadonlyMap<string, { readonly name: string; readonly of: Quantity }>;
}

const spoken = (name: string) => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();

/** Words for every decision and every named option that the bank's designs hold. */
function vocabularyOf(designs: Iterable<Design>): Vocabulary {
  const conditions = new Map<string, Condition>(Object.entries(adjectives));
  const quantities = new Map(ofData.map(([word, name, of]) => [word, { name, of }]));
  for (const [learner, words] of Object.entries(learners))
    for (const word of words) conditions.set(word, { words: learner, test: (one) => one.learner === learner });
  for (const design of designs) {
    for (const [name, value] of Object.entries(design)) {
      const words = spoken(name);
      if (typeof value === 'number') quantities.set(words, { name: words, of: ({ design }) => Number(design[name]) });
      else if (typeof value === 'boolean')
        conditions.set(words, { words, test: ({ design }) => design[name] === true });
      else if (!conditions.has(value.toLowerCase()))
        conditions.set(value.toLowerCase(), {
          words: `${words} ${value}`,
          test: ({ design }) => design[name] === value,
        });
    }
  }
  return { conditions, quantities };
}

type Token =
  | { readonly is: 'condition'; readonly condition: Condition }
  | {
      readonly is: 'quantity';
      readonly text: string;
      /** What the word says where no number goes with it: "trees", but "100 trees". */
      readonly alone: Condition | undefined;
    }
  | { readonly is: 'comparison'; readonly how: keyof typeof compare; readonly text: string }
  | { readonly is: 'number'; readonly value: number; readonly text: string }
  | { readonly is: 'not' | 'filler' }
  | { readonly is: 'unknown'; readonly text: string };

const scales: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, '%': 0.01 };

function tokenOf(phrase: string, { conditions, quantities }: Vocabulary): Token | null {
  const how = comparisons.get(phrase);
  if (how) return { is: 'comparison', how, text: phrase };
  const condition = conditions.get(phrase);
  if (quantities.has(phrase)) return { is: 'quantity', text: phrase, alone: condition };
  if (condition) return { is: 'condition', condition };
  if (phrase === 'no' || phrase === 'not' || phrase === 'without') return { is: 'not' };
  return filler.has(phrase) ? { is: 'filler' } : null;
}

/** Longest phrases first; a number may carry its scale or unit: 50k, 2s. */
function tokensOf(text: string, vocabulary: Vocabulary): Token[] {
  const words = text
    .toLowerCase()
    .replaceAll(/(\d),(?=\d{3})/g, '$1')
    .replaceAll(/[;:!?"()]|,(?!\d)|\.(?!\d)/g, ' ')
    .replaceAll(/([<>])/g, ' $1 ')
    .replaceAll(/(\d)(s|sec)\b/g, '$1 $2')
    .split(/\s+/)
    .filter(Boolean);
  const tokens: Token[] = [];
  for (let i = 0; i < words.length; ) {
    const number = /^(\d+(?:\.\d+)?)(k|m|%)?$/.exec(words[i]!);
    if (number) {
      tokens.push({ is: 'number', value: Number(number[1]) * (scales[number[2] ?? ''] ?? 1), text: words[i]! });
      i++;
      continue;
    }
    let length = Math.min(3, words.length - i);
    let token: Token | null = null;
    for (; length > 0 && !token; length--) token = tokenOf(words.slice(i, i + length).join(' '), vocabulary);
    tokens.push(token ?? { is: 'unknown', text: words[i]! });
    i += token ? length + 1 : 1;
  }
  return tokens;
}

/** "trees under 100", but not "trees under 2 s" or "trees faster than 2": there the number belongs to something else. */
function isCompared(tokens: readonly Token[], at: number): boolean {
  const [how, number, unit] = tokens.slice(at + 1);
  return how?.is === 'comparison' && !ownQuantity[how.text] && number?.is === 'number' && unit?.is !== 'quantity';
}

/**
 * @param text the question
 * @param designs all that may be found: their decisions and options are the words that are known
 */
export function readQuestion(text: string, designs: Iterable<Design>): Question {
  const vocabulary = vocabularyOf(designs);
  const conditions: Condition[] = [];
  const unknown: string[] = [];
  let not = false;
  let held: { how?: keyof typeof compare; word?: string; value?: number; text?: string; quantity?: string } = {};
  const add = ({ words, test }: Condition) => {
    const negated = not;
    conditions.push(negated ? { words: `not ${words}`, test: (one) => !test(one) } : { words, test });
    not = false;
  };
  const settle = () => {
    const { how = 'is', value, quantity } = held;
    const known = quantity === undefined ? undefined : vocabulary.quantities.get(quantity);
    if (value === undefined || !known) return;
    const test: Test = (one) => {
      const number = known.of(one);
      return number !== undefined && !Number.isNaN(number) && compare[how](number, value);
    };
    add({ words: `${known.name} ${signs[how]} ${value}`, test });
    held = {};
  };
  // What was begun and never finished says nothing.
  const drop = () => {
    for (const text of [held.quantity, held.word, held.text]) if (text !== undefined) unknown.push(text);
    held = {};
  };
  const tokens = tokensOf(text, vocabulary).filter(({ is }) => is !== 'filler');
  for (const [i, token] of tokens.entries()) {
    if (token.is === 'not') not = true;
    else if (token.is === 'unknown') unknown.push(token.text);
    else if (token.is === 'condition') {
      if (held.value !== undefined || held.how) drop();
      add(token.condition);
    } else if (token.is === 'comparison') {
      if (held.value !== undefined || held.how) drop();
      const quantity = ownQuantity[token.text] ?? held.quantity;
      held = { how: token.how, word: token.text, ...(quantity === undefined ? {} : { quantity }) };
    } else if (token.is === 'number') {
      if (held.value !== undefined) drop();
      held = { ...held, value: token.value, text: token.text };
      // "deeper than 5", "depth over 5": all is said. "under 5" waits for its unit.
      settle();
    } else if (token.is === 'quantity' && token.alone && held.value === undefined && !isCompared(tokens, i)) {
      if (held.how) drop();
      add(token.alone);
    } else if (token.is === 'quantity') {
      if (held.quantity !== undefined && held.value === undefined) drop();
      held = { ...held, quantity: token.text };
      settle();
    }
  }
  drop();
  return {
    understood: conditions.map(({ words }) => words),
    unknown,
    matches: (one) => conditions.every(({ test }) => test(one)),
  };
}
