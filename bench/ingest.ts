/**
 * Upload to profile of a large CSV against DuckDB's own `CREATE TABLE AS` and `SUMMARIZE` on the same file, with the same
 * threads, in interleaved rounds; DuckDB alone may use 1 GB, the ingest job has its usual 512 MB. Goal: at most twice
 * DuckDB's time.
 * Options: `--megabytes 100 --rounds 3 --quick --out r.jsonl`.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { Random } from '#core/math/random.ts';
import { createFsStore } from '#server/storage/fs-store.ts';
import { openDuck, quoteText } from '#workers/data/duckdb.ts';
import { ingestFile } from '#workers/data/ingest-file.ts';
import { keepResult } from './lib/machine.ts';

interface Line {
  readonly system: 'ours' | 'duckdb';
  readonly round: number;
  readonly seconds: number;
  readonly bytes: number;
  /** Peak resident size of the process so far, in MB. */
  readonly peakMegabytes: number;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      megabytes: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const megabytes = Number(values.megabytes ?? (values.quick ? 20 : 100));
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 3));
  const folder = await mkdtemp(join(tmpdir(), 'warmstart-bench-'));
  const lines: Line[] = [];
  try {
    const file = join(folder, 'upload.csv');
    await writeTable(file, megabytes * 1e6);
    const { size: bytes } = await stat(file);
    for (let round = 0; round < rounds; round++) {
      // Who goes first changes, so that neither always finds the file in a warmer cache.
      const systems = round % 2 ? (['duckdb', 'ours'] as const) : (['ours', 'duckdb'] as const);
      for (const system of systems) {
        const started = performance.now();
        await (system === 'ours' ? uploadToProfile(file, folder) : duckdbAlone(file, folder));
        const seconds = (performance.now() - started) / 1000;
        const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
        const line: Line = { system, round, seconds, bytes, peakMegabytes };
        lines.push(line);
        console.log(JSON.stringify(line));
        if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const best = (system: Line['system']) => Math.min(...lines.filter((l) => l.system === system).map((l) => l.seconds));
  const ratios = Array.from({ length: rounds }, (_, r) => {
    const of = (system: Line['system']) =>
      lines.find((l) => l.system === system && l.round === r)?.seconds ?? Number.NaN;
    return of('ours') / of('duckdb');
  });
  const result = {
    megabytes,
    ours: best('ours'),
    duckdb: best('duckdb'),
    ratio: best('ours') / best('duckdb'),
    ratios,
    goal: 2,
    lines,
  };
  console.table({
    'upload to profile': { seconds: result.ours.toFixed(2) },
    'CREATE TABLE AS + SUMMARIZE': { seconds: result.duckdb.toFixed(2) },
  });
  console.log(
    `ratio ${result.ratio.toFixed(2)} (goal: at most 2; by round ${ratios.map((r) => r.toFixed(2)).join(', ')})`,
  );
  if (!values.quick) keepResult('ingest', result);
}

/** What the product does: bytes into the blob store with their hash, then the ingest job's reading. */
async function uploadToProfile(file: string, folder: string): Promise<void> {
  const blobs = createFsStore(join(folder, 'blobs'));
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      yield chunk;
    }
  }
  await blobs.put('upload', Readable.from(hashed()));
  hash.digest('hex');
  await ingestFile({
    path: await blobs.localPath('upload'),
    fileName: 'upload.csv',
    limits: { rows: 1e8, columns: 1000 },
    parquetPath: join(folder, 'table.parquet'),
    previewPath: join(folder, 'preview.jsonl'),
    samplePath: join(folder, 'sample.bin'),
  });
}

async function duckdbAlone(file: string, folder: string): Promise<void> {
  const duck = await openDuck({ folders: [folder] });
  try {
    await duck.run(`CREATE TABLE t AS SELECT * FROM read_csv(${quoteText(file)})`);
    await duck.rows('SUMMARIZE t');
  } finally {
    await duck.close();
  }
}

/** Numbers with gaps, whole numbers, categories, dates, booleans, quoted text: what uploads are made of. */
async function writeTable(path: string, bytes: number): Promise<void> {
  const source = new Random(7);
  const random = () => source.uniform();
  const out = createWriteStream(path);
  const names = [
    'id',
    'day',
    ...Array.from({ length: 12 }, (_, i) => `x${i}`),
    'n0',
    'n1',
    'colour',
    'city',
    'flag',
    'note',
    'y',
  ];
  out.write(`${names.join(',')}\n`);
  let written = 0;
  for (let id = 1; written < bytes; ) {
    let block = '';
    for (let k = 0; k < 2000; k++, id++) {
      const numbers = Array.from({ length: 12 }, () => (random() < 0.02 ? '' : (random() * 1000 - 500).toFixed(4)));
      const note = random() < 0.1 ? `"note, with ""quotes"" ${id}"` : `note ${id % 5000}`;
      const day = new Date(1.5e12 + id * 6e4).toISOString().slice(0, 10);
      const colour = ['red', 'green', 'blue', 'violet'][Math.floor(random() * 4)];
      block += `${id},${day},${numbers.join(',')},${Math.floor(random() * 1000)},${Math.floor(random() * 50)},${colour},City ${Math.floor(random() * 200)},${random() < 0.5},${note},${random() < 0.3 ? 1 : 0}\n`;
    }
    written += block.length;
    if (!out.write(block)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
