/** Finds the type of every column of the raw table: guessed from a sample, proved on all rows. */
import type { ColumnType } from '#core/contracts/dataset.ts';
import {
  type ColumnPlan,
  candidatePlans,
  cleanNumberPlan,
  datePlans,
  filled,
  forcedNumberPlan,
  plainPlan,
  textOrCategory,
  textPlan,
} from './column-plan.ts';
import { DataError } from './data-error.ts';
import { type Duck, wideColumns } from './duckdb.ts';
import { aggregateLong, indexOf, inLongForm, longGroup, longRows, overValue } from './long-form.ts';
import { isMarker, plainNumber } from './number-formats.ts';

export interface InferredColumn {
  readonly plan: ColumnPlan;
  /** A column of numbers but for a few cells: the first that does not fit, and how many there are. */
  readonly mixed?: { readonly row: number; readonly value: string; readonly cells: number };
  /** Cells that the person's own type turned into missing. */
  readonly lost?: { readonly row: number; readonly value: string; readonly cells: number };
  /** Integers too large for a double were kept as text. */
  readonly tooLarge?: boolean;
  /** Nothing in it at all. */
  readonly empty?: boolean;
  /** Cells that say missing in a word such as `NA`. */
  readonly marked?: number;
  /** Infinite numbers, read as missing. */
  readonly infinite?: number;
  /** Day and month could be exchanged in every row. */
  readonly ambiguousDate?: boolean;
}

export interface InferRequest {
  readonly duck: Duck;
  /** Table with columns c0, c1, … of VARCHAR. */
  readonly table: string;
  /** The columns to look at: c<index>. */
  readonly columns: readonly { readonly index: number; readonly name: string }[];
  readonly rows: number;
  readonly overrides: Readonly<Record<string, ColumnType>>;
  readonly decimalCommaFirst: boolean;
  readonly fileName: string;
}

/** Columns per statement: enough to share a scan; the planner's time grows with the square of the expressions. */
const group = 50;
const sampleRows = 1000;
/** Of tables in long form: ten million strings would take longer to look at than all else. */
const longSampleRows = (columns: number): number => (columns > wideColumns ? 80 : 250);
/** Fewer filled cells than this in the sample say too little. */
const fewCells = 20;
/** With more misfits than this a column is words that happen to hold some numbers. */
const mixedShare = 0.2;

/** @throws DataError for a type set by hand that no cell fits */
export async function inferTypes(request: InferRequest): Promise<Map<number, InferredColumn>> {
  const { columns, rows } = request;
  const found = new Map<number, InferredColumn>();
  const size = inLongForm(columns.length, rows) ? longGroup : group;
  for (let from = 0; from < columns.length; from += size) {
    const part = columns.slice(from, from + size);
    for (const [index, column] of await settle(request, part, await samplesOf(request, part))) found.set(index, column);
  }
  return found;
}

/** Filled cells of each column: from rows all over the table, from wherever they are where those hold few. */
async function samplesOf(request: InferRequest, part: readonly Named[]): Promise<string[][]> {
  const { duck, table, rows } = request;
  const long = inLongForm(request.columns.length, rows);
  const limit = long ? longSampleRows(request.columns.length) : sampleRows;
  const stride = Math.max(1, Math.floor(rows / limit));
  const list = part.map(({ index }) => `c${index}`).join(', ');
  const samples = part.map((): string[] => []);
  const sql = `SELECT ${list} FROM ${table} WHERE rowid < ${limit / 2} OR rowid % ${stride} = 0 LIMIT ${2 * limit}`;
  for await (const chunk of duck.chunks(sql))
    samples.forEach((cells, i) => {
      for (const cell of chunk.getColumnValues(i)) if (isFilled(cell)) cells.push(cell);
    });
  const sparse = part.filter((_, i) => samples[i]!.length < fewCells && samples[i]!.length < rows);
  const more = await (long ? sparseLong(request, sparse) : sparseCells(request, sparse));
  return samples.map((cells, i) => more.get(part[i]!.index) ?? cells);
}

async function sparseCells({ duck, table }: InferRequest, columns: readonly Named[]): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  for (const { index } of columns) {
    const rows = await duck.rows(`SELECT c${index} FROM ${table} WHERE trim(c${index}) <> '' LIMIT ${sampleRows}`);
    found.set(index, rows.map((row) => row[0]).filter(isFilled));
  }
  return found;
}

async function sparseLong(request: InferRequest, columns: readonly Named[]): Promise<Map<number, string[]>> {
  const found = new Map(columns.map(({ index }): [number, string[]] => [index, []]));
  if (columns.length === 0) return found;
  const cells = longRows(
    request.table,
    columns.map(({ index }) => index),
  );
  const limit = longSampleRows(request.columns.length);
  const rows = await request.duck.rows(
    `SELECT name, value FROM ${cells} WHERE trim(value) <> '' QUALIFY row_number() OVER (PARTITION BY name) <= ${limit}`,
  );
  for (const [name, value] of rows) found.get(indexOf(name))?.push(String(value));
  return found;
}

const isFilled = (cell: unknown): cell is string => typeof cell === 'string' && cell.trim() !== '';

type Named = InferRequest['columns'][number];

interface Open {
  readonly index: number;
  readonly sample: readonly string[];
  readonly candidates: ColumnPlan[];
  /** Misfits of the plain-number candidate. */
  plainMisfits?: number;
}

async function settle(
  request: InferRequest,
  columns: readonly Named[],
  samples: readonly string[][],
): Promise<Map<number, InferredColumn>> {
  const result = new Map<number, InferredColumn>();
  let open: Open[] = [];
  for (const [i, named] of columns.entries()) {
    const { index } = named;
    const sample = samples[i] ?? [];
    const override = Object.hasOwn(request.overrides, named.name) ? request.overrides[named.name] : undefined;
    if (override) result.set(index, await overridden(request, named, override, sample));
    else if (sample.length === 0) result.set(index, { plan: textPlan(`c${index}`, 'ignore'), empty: true });
    else {
      const candidates = candidatePlans(`c${index}`, sample, request.decimalCommaFirst);
      const numeric = sample.filter((cell) => plainNumber.test(cell) || isMarker(cell)).length;
      // A column of numbers with an odd one out in the sample is counted too, for the warning.
      if (candidates.length === 0 && numeric >= (1 - mixedShare) * sample.length && numeric > 0)
        candidates.push(plainPlan(`c${index}`));
      open.push({ index, sample, candidates });
    }
  }
  while (open.length > 0) {
    const tested = open.filter((column) => column.candidates.length > 0);
    const verdicts = await test(request, tested);
    const next: Open[] = [];
    for (const column of open) {
      const verdict = verdicts.get(column.index);
      const candidate = column.candidates.shift();
      if (candidate && verdict && verdict.misfits === 0 && !verdict.tooLarge && verdict.filled > 0) {
        result.set(column.index, {
          plan: simplest(candidate, `c${column.index}`, verdict),
          ...(verdict.infinite ? { infinite: verdict.infinite } : {}),
          ...(verdict.marked ? { marked: verdict.marked } : {}),
          ...(candidate.type === 'date' && (await otherOrder(request, column, candidate))
            ? { ambiguousDate: true }
            : {}),
        });
        continue;
      }
      if (candidate?.plain && verdict) column.plainMisfits = verdict.misfits;
      if (verdict?.tooLarge) column.candidates.length = 0;
      if (column.candidates.length > 0) next.push(column);
      else result.set(column.index, await asText(request, column, verdict));
    }
    open = next;
  }
  return result;
}

/** Where no cell says missing in a word, the stored value needs no look at words. */
function simplest(plan: ColumnPlan, c: string, verdict: TestResult): ColumnPlan {
  if (verdict.clean) return cleanNumberPlan(c);
  return plan.type !== 'number' && verdict.marked === 0 ? { ...plan, value: textPlan(c, 'category').value } : plan;
}

/** The candidates left over fit the sample too: day and month may be exchanged. */
async function otherOrder(request: InferRequest, column: Open, found: ColumnPlan): Promise<boolean> {
  const letters = (plan: ColumnPlan | undefined) => plan?.dateFormat?.slice(0, 10);
  const other = column.candidates.find((plan) => letters(plan) !== letters(found));
  if (!other) return false;
  const verdict = (await test(request, [{ ...column, candidates: [other] }])).get(column.index);
  return verdict?.misfits === 0;
}

interface TestResult {
  readonly misfits: number;
  readonly filled: number;
  readonly tooLarge: boolean;
  readonly infinite: number;
  readonly marked: number;
  /** Proved by counts alone. */
  readonly clean: boolean;
}

/** Plain numbers first by cheap counts alone; only where those leave a doubt are the cells looked at one by one. */
async function test(request: InferRequest, columns: readonly Open[]): Promise<Map<number, TestResult>> {
  const plain = columns.filter(({ candidates }) => candidates[0]?.plain);
  const quick = await select(request, plain, (_plan, c) => [
    `count(${c}) - count(try_cast(${c} AS DOUBLE))`,
    `count(*) FILTER (contains(${c}, '_'))`,
    `count(*) FILTER (${c} >= '00' AND ${c} < '0:')`,
    `max(abs(try_cast(${c} AS DOUBLE)))`,
    `count(${c})`,
  ]);
  const verdicts = new Map<number, TestResult>();
  const doubtful: Open[] = columns.filter((column) => !column.candidates[0]?.plain);
  for (const column of plain) {
    const [others, underscores, zeros, largest, present] = quick.get(column.index) ?? [];
    // NaN counts as larger than every number here, so it is doubtful as well.
    if (others === 0 && underscores === 0 && zeros === 0 && Number(largest) <= Number.MAX_SAFE_INTEGER)
      verdicts.set(column.index, {
        misfits: 0,
        filled: Number(present),
        tooLarge: false,
        infinite: 0,
        marked: 0,
        clean: true,
      });
    else doubtful.push(column);
  }
  const careful = await select(request, doubtful, (plan, c) => [
    `count(*) FILTER (${plan.misfit})`,
    `count(${plan.value})`,
    plan.plain
      ? `count(*) FILTER (abs(${plan.value}) > 9007199254740992 AND regexp_full_match(${c}, '\\s*[-+]?[0-9]+\\s*'))`
      : '0',
    plan.plain ? `count(*) FILTER (isinf(try_cast(${c} AS DOUBLE)))` : '0',
    `count(*) FILTER (${filled(c)})`,
  ]);
  for (const [index, [misfits, good, large, infinite, present]] of careful)
    verdicts.set(index, {
      misfits: Number(misfits),
      filled: Number(good),
      tooLarge: Number(large) > 0,
      infinite: Number(infinite),
      clean: false,
      marked: Number(present) - Number(good) - Number(misfits) - Number(infinite),
    });
  return verdicts;
}

/** One scan for several columns, the same number of aggregates for each. */
async function select(
  request: InferRequest,
  columns: readonly Open[],
  aggregates: (plan: ColumnPlan, c: string) => string[],
): Promise<Map<number, unknown[]>> {
  const found = new Map<number, unknown[]>();
  if (columns.length === 0) return found;
  if (inLongForm(request.columns.length, request.rows)) {
    const alike = Map.groupBy(columns, ({ index, candidates }) =>
      overValue(aggregates(candidates[0] as ColumnPlan, `c${index}`).join(', '), `c${index}`),
    );
    for (const [sql, part] of alike) {
      const indices = part.map(({ index }) => index);
      for (const [index, row] of await aggregateLong(request.duck, request.table, indices, sql)) found.set(index, row);
    }
    return found;
  }
  const parts = columns.map(({ index, candidates }) => aggregates(candidates[0] as ColumnPlan, `c${index}`));
  const [row = []] = await request.duck.rows(`SELECT ${parts.flat().join(', ')} FROM ${request.table}`);
  let at = 0;
  columns.forEach(({ index }, i) => {
    const width = parts[i]?.length ?? 0;
    found.set(index, row.slice(at, at + width));
    at += width;
  });
  return found;
}

async function asText(request: InferRequest, column: Open, verdict: TestResult | undefined): Promise<InferredColumn> {
  const c = `c${column.index}`;
  const plan = textPlan(c, textOrCategory(column.sample));
  if (verdict?.tooLarge) return { plan, tooLarge: true };
  const misfits = column.plainMisfits;
  if (!misfits || !verdict) return { plan };
  const { misfit } = forcedNumberPlan(c);
  const [odd] = await request.duck.rows(
    `SELECT min(rowid), arg_min(${c}, rowid), count(*), (SELECT count(*) FROM ${request.table} WHERE trim(${c}) <> '') FROM ${request.table} WHERE ${misfit}`,
  );
  const [row, value, cells, total] = odd ?? [];
  // No misfit as a number means that zeros in front kept it text: a code.
  if (typeof value !== 'string' || Number(cells) > mixedShare * Number(total)) return { plan };
  return { plan, mixed: { row: Number(row), value, cells: Number(cells) } };
}

async function overridden(
  request: InferRequest,
  { index, name }: Named,
  type: ColumnType,
  sample: readonly string[],
): Promise<InferredColumn> {
  const c = `c${index}`;
  if (type === 'category' || type === 'text' || type === 'ignore' || type === 'boolean')
    return { plan: textPlan(c, type) };
  const spelled = sample.filter((cell) => !isMarker(cell));
  const share = (pattern: RegExp) => spelled.filter((cell) => pattern.test(cell)).length / Math.max(1, spelled.length);
  let plan: ColumnPlan | undefined;
  if (type === 'number') {
    // The format that most cells are in; the others become missing and are counted.
    const options = [
      { plan: forcedNumberPlan(c), share: share(plainNumber) },
      ...candidatePlans(c, ['1'], request.decimalCommaFirst)
        .filter((p): p is ColumnPlan & { pattern: RegExp } => 'pattern' in p)
        .map((p) => ({ plan: p as ColumnPlan, share: share(p.pattern) })),
    ];
    plan = options.reduce((best, option) => (option.share > best.share + 1e-9 ? option : best)).plan;
  } else {
    const options = datePlans(c).map((p) => ({ plan: p, share: share(p.pattern) }));
    const best = options.reduce((a, b) => (b.share > a.share + 1e-9 ? b : a));
    plan = best.share > 0 ? best.plan : undefined;
  }
  const refusal = (value: string | undefined) =>
    new DataError({
      message: `Column ${name} cannot be read as ${type === 'number' ? 'numbers' : 'dates'}: no cell fits.`,
      file: request.fileName,
      column: name,
      value,
      fix:
        type === 'number'
          ? 'Choose category or text.'
          : 'Dates are read as YYYY-MM-DD, DD.MM.YYYY, MM/DD/YYYY, 31 Jan 2024 and the like.',
    });
  if (!plan) throw refusal(sample[0]);
  const [odd] = await request.duck.rows(
    `SELECT count(*) FILTER (${plan.misfit}), min(rowid) FILTER (${plan.misfit}), arg_min(${c}, rowid) FILTER (${plan.misfit}), count(*) FILTER (NOT (${plan.misfit}) AND trim(${c}) <> '') FROM ${request.table}`,
  );
  const [cells, row, value, good] = odd ?? [];
  if (Number(good) === 0 && sample.length > 0) throw refusal(String(value ?? sample[0]));
  return Number(cells) > 0
    ? { plan, lost: { row: Number(row), value: String(value), cells: Number(cells) } }
    : { plan };
}
