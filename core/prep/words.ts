/**
 * Word counts of free text. Tokens are what stands between single spaces; a word's spellings (case, punctuation at
 * either end) seen in training share one feature, so the graph needs no case folding, which runtimes do differently.
 */
import type { StringColumn } from './table.ts';

/** Appended to every string in the graph, so that an empty one still has a token to count. */
export const END_TOKEN = '\u0001';

/** Pieces between single spaces, empty ones included: StringSplit with a delimiter is the same in every runtime. */
export function tokenize(text: string): string[] {
  return text.split(' ');
}

/** A token's word: lower case without punctuation at the ends; empty when nothing is left. */
export function wordOf(token: string): string {
  return token.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

export interface WordList {
  readonly names: readonly string[];
  readonly spellings: readonly (readonly string[])[];
}

/** What training texts say: words with the rows they are in and how they are spelled. */
export interface WordSurvey {
  /** Rows of each entry of the dictionary. */
  readonly counts: Int32Array;
  /** Tokens of all rows. */
  readonly tokens: number;
  /** Rows with a text. */
  readonly texts: number;
  /** Rows that hold each word. */
  readonly rowsOf: ReadonlyMap<string, number>;
  /** Uses of each spelling of each word. */
  readonly spellings: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Null when strings have fewer than 1.5 tokens on average. */
export function surveyWords(column: StringColumn): WordSurvey | null {
  const counts = new Int32Array(column.dictionary.length);
  for (const code of column.codes) if (code >= 0) counts[code]!++;
  const rowsOf = new Map<string, number>();
  const spellings = new Map<string, Map<string, number>>();
  let tokens = 0;
  let texts = 0;
  column.dictionary.forEach((text, i) => {
    const count = counts[i]!;
    if (count === 0) return;
    const list = tokenize(text);
    tokens += list.length * count;
    texts += count;
    const seen = new Set<string>();
    for (const token of list) {
      const word = wordOf(token);
      if (!word) continue;
      if (!seen.has(word)) rowsOf.set(word, (rowsOf.get(word) ?? 0) + count);
      seen.add(word);
      const forms = spellings.get(word) ?? new Map<string, number>();
      forms.set(token, (forms.get(token) ?? 0) + count);
      spellings.set(word, forms);
    }
  });
  return tokens < 1.5 * texts ? null : { counts, tokens, texts, rowsOf, spellings };
}

/** The `limit` words found in most rows, among those in at least `minimum` and at most `most` of the rows. */
export function commonWords(
  { texts, rowsOf, spellings }: WordSurvey,
  limit: number,
  minimum: number,
  most = 1,
): WordList {
  const names = [...rowsOf.entries()]
    .filter(([, rows]) => rows >= minimum && rows <= most * texts)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, limit)
    .map(([word]) => word);
  // 64 spellings cover nearly all uses of a word and bound the size of the file.
  const forms = names.map((word) =>
    [...spellings.get(word)!.entries()]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, 64)
      .map(([token]) => token),
  );
  return { names, spellings: forms };
}

/** Words to count: the `limit` commonest in at least `minimum` and at most 98 % of the rows; null when none is. */
export function chooseWords(survey: WordSurvey, limit: number, minimum: number): WordList | null {
  const list = commonWords(survey, limit, minimum, 0.98);
  return list.names.length === 0 ? null : list;
}

/** For each text: its number of tokens, then the counts of the words of `spellings`. */
export function countWords(texts: readonly string[], spellings: readonly (readonly string[])[]): Float32Array[] {
  const index = new Map<string, number>();
  spellings.forEach((forms, i) => {
    for (const form of forms) index.set(form, i);
  });
  return texts.map((text) => {
    const row = new Float32Array(spellings.length + 1);
    const tokens = tokenize(text);
    row[0] = tokens.length;
    for (const token of tokens) {
      const i = index.get(token);
      if (i !== undefined) row[i + 1]!++;
    }
    return row;
  });
}
