/** Sentences as rows of word numbers. */
import { readFileSync } from 'node:fs';
import { parseCsv } from './csv.ts';

export interface LabelledText {
  readonly texts: readonly string[];
  readonly labels: readonly string[];
}

/** Reads a CSV file with the columns `text` and `label`. */
export function readLabelledText(path: string): LabelledText {
  const { header, rows } = parseCsv(readFileSync(path, 'utf8'));
  const [text, label] = [header.indexOf('text'), header.indexOf('label')];
  if (text < 0 || label < 0) throw new RangeError(`${path} has no columns text and label.`);
  return { texts: rows.map((r) => r[text]!), labels: rows.map((r) => r[label]!) };
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/** Word to number; 0 is padding and 1 every word that was not seen `least` times. */
export function vocabularyOf(texts: readonly string[], least: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const kept = [...counts].filter(([, count]) => count >= least).map(([word]) => word);
  return new Map(kept.map((word, i) => [word, i + 2]));
}

/** Word numbers [texts, length], cut or padded at the end. */
export function numbered(
  texts: readonly string[],
  vocabulary: ReadonlyMap<string, number>,
  length: number,
): BigInt64Array {
  const out = new BigInt64Array(texts.length * length);
  texts.forEach((text, i) => {
    wordsOf(text)
      .slice(0, length)
      .forEach((word, j) => {
        out[i * length + j] = BigInt(vocabulary.get(word) ?? 1);
      });
  });
  return out;
}

/** Up to `count` parts of 3 to 5 letters of a word between < and >, those of 4 first (Bojanowski and others 2017). */
function piecesOf(word: string, count: number): string[] {
  const marked = `<${word}>`;
  return [4, 3, 5]
    .flatMap((n) => Array.from({ length: Math.max(0, marked.length - n + 1) }, (_, at) => marked.slice(at, at + n)))
    .slice(0, count);
}

/** FNV-1a over UTF-16 units. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** For every word `count` numbers below `buckets` of its parts, [texts, length · count]; 0 is padding. */
export function numberedPieces(
  texts: readonly string[],
  length: number,
  count: number,
  buckets: number,
): BigInt64Array {
  const out = new BigInt64Array(texts.length * length * count);
  texts.forEach((text, i) => {
    wordsOf(text)
      .slice(0, length)
      .forEach((word, j) => {
        piecesOf(word, count).forEach((piece, k) => {
          out[(i * length + j) * count + k] = BigInt(1 + (hash(piece) % (buckets - 1)));
        });
      });
  });
  return out;
}
