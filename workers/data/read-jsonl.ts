/** JSON lines (and small JSON arrays) of objects into the table `raw`. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createCleanWriter } from './clean-writer.ts';
import { count, DataError } from './data-error.ts';
import { cleanDialect } from './dialect.ts';
import { prepareForColumns } from './duckdb.ts';
import { decodeFile, detectEncoding, type Encoding } from './encoding.ts';
import { type Flat, flattenRecord } from './flatten-json.ts';
import { loadRaw } from './load-raw.ts';
import { nameColumns } from './names.ts';
import { tooManyRows } from './normalise-csv.ts';
import { checkColumns, type Source, type SourceRequest } from './source.ts';

/** A JSON array is parsed whole, so it must be small. */
const maxArrayBytes = 64 * 1024 * 1024;
const maxLine = 16 * 1024 * 1024;

/** @throws DataError naming the line that is no object */
export async function readJsonl(request: SourceRequest): Promise<Source> {
  const { path, fileName, duck, limits, signal } = request;
  const encoding = await detectEncoding(path);
  // Two passes: the first learns all keys, since later lines may have more than the first.
  const keys = new Map<string, number>();
  const lists = new Set<string>();
  /** Keys that hold something in some row. */
  const filled = new Set<string>();
  let cleaned = 0;
  let rows = 0;
  for await (const batch of objects(path, fileName, encoding)) {
    signal?.throwIfAborted();
    for (const { flat } of batch) {
      rows++;
      for (const [key, value] of Object.entries(flat.values)) {
        if (!keys.has(key)) keys.set(key, keys.size);
        if (value !== null) filled.add(key);
      }
      cleaned += flat.cleaned;
      for (const key of flat.lists) lists.add(key);
    }
    if (rows > limits.rows) throw tooManyRows(fileName, limits.rows);
    checkColumns(keys.size, request);
  }
  if (rows === 0 || keys.size === 0)
    throw new DataError({
      message: 'The file holds no objects with keys.',
      file: fileName,
      fix: 'Write one JSON object per line.',
    });
  // An object that is null in some rows is no column of its own beside its children.
  const order = [...keys.keys()].filter((key) => filled.has(key) || ![...filled].some((k) => k.startsWith(`${key}.`)));
  const cleanPath = join(duck.folder, 'clean.csv');
  const writer = createCleanWriter(cleanPath);
  let gaps = 0;
  try {
    for await (const batch of objects(path, fileName, encoding)) {
      signal?.throwIfAborted();
      for (const { flat } of batch) {
        writer.write(order.map((key) => flat.values[key] ?? null));
        if (Object.keys(flat.values).length < order.length) gaps++;
      }
      await writer.flush();
    }
  } finally {
    await writer.close();
  }
  await prepareForColumns(duck, order.length);
  await loadRaw(duck, {
    path: cleanPath,
    dialect: cleanDialect,
    skip: 0,
    width: order.length,
    longest: writer.longest,
  });
  const { names, corrections } = nameColumns(order, order.length);
  const nested = order.filter((key) => key.includes('.')).length;
  if (nested) corrections.push(`Nested objects became ${count(nested, 'column')} named like parent.child.`);
  if (lists.size) corrections.push(`Lists are kept as JSON text and not used: ${[...lists].slice(0, 10).join(', ')}.`);
  if (gaps)
    corrections.push(`${count(gaps, 'row lacks', 'rows lack')} some of the keys: those cells are read as missing.`);
  if (cleaned)
    corrections.push(`${count(cleaned, 'value')} held NUL or broken characters: those were removed or replaced.`);
  return {
    names,
    rows,
    plans: new Map(
      order.flatMap((key, i) =>
        lists.has(key) ? [[i, { type: 'ignore' as const, value: `c${i}`, misfit: 'false' }] as const] : [],
      ),
    ),
    corrections,
    format: { kind: 'jsonl', delimiter: null, encoding: encoding.name, header: true },
    decimalCommaFirst: false,
    unnamed: new Set(),
    locate: async (row) => {
      let left = row;
      for await (const batch of objects(path, fileName, encoding)) {
        const found = batch[left];
        if (found) return found.line;
        left -= batch.length;
      }
      return null;
    },
  };
}

interface Item {
  readonly line: number;
  readonly flat: Flat;
}

async function* objects(path: string, fileName: string, encoding: Encoding): AsyncGenerator<Item[]> {
  let rest = '';
  let line = 0;
  let started = false;
  const parse = (text: string, at: number): Item | null => {
    const trimmed = text.trim();
    return trimmed === '' ? null : { line: at, flat: flattenRecord(trimmed, at, fileName) };
  };
  for await (const chunk of decodeFile(path, encoding)) {
    if (!started && chunk.trimStart() !== '') {
      started = true;
      if (chunk.trimStart().startsWith('[')) {
        yield await arrayItems(path, fileName);
        return;
      }
    }
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLine)
      throw new DataError({
        message: `Line ${line + lines.length + 1} is longer than 16 MB.`,
        file: fileName,
        line: line + lines.length + 1,
        fix: 'Write one JSON object per line.',
      });
    const items: Item[] = [];
    for (const text of lines) {
      const item = parse(text, ++line);
      if (item) items.push(item);
    }
    yield items;
  }
  const last = parse(rest, ++line);
  if (last) yield [last];
}

async function arrayItems(path: string, fileName: string): Promise<Item[]> {
  const refuse = (message: string) =>
    new DataError({ message, file: fileName, line: 1, fix: 'Write one JSON object per line (JSONL).' });
  if ((await stat(path)).size > maxArrayBytes) throw refuse('A JSON array of more than 64 MB is not read.');
  let parsed: unknown;
  try {
    parsed = JSON.parse((await readFile(path, 'utf8')).replace(/^\ufeff/, ''));
  } catch (error) {
    throw refuse(`The JSON array cannot be parsed: ${(error as Error).message}.`);
  }
  if (!Array.isArray(parsed)) throw refuse('The file holds no array of objects.');
  return parsed.map((item, i) => ({ line: i + 1, flat: flattenRecord(JSON.stringify(item), i + 1, fileName, 'item') }));
}
