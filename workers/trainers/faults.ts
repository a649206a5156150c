/** Looks through the training rows of a model for faults, by the out-of-fold predictions that its making left. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Fault, FaultKind, FaultReport } from '#core/contracts/faults.ts';
import type { Report } from '#core/contracts/views.ts';
import { type Faults, findFaults } from '#core/faults/find.ts';
import { coveredRows } from '#core/learners/bag.ts';
import { readParquetRows } from '../data/parquet-rows.ts';
import { unpackOutOfFold } from './out-of-fold.ts';
import { loadPrepared } from './prepared.ts';
import { type SealRule, sealedRows } from './seal.ts';

export interface FaultsInput {
  /** How the training rows were drawn from the version's table. */
  readonly seal: SealRule & { readonly separateTest: boolean };
  readonly preparedPath: string;
  readonly outOfFoldPath: string;
  readonly reportPath: string;
  readonly seed: number;
  /** Where faults.json goes. */
  readonly faultsPath: string;
}

/** Listed of each kind: nobody reviews more in one go. */
const mostListed = 5000;
const shownColumns = 6;
const longestCell = 80;

export async function faultsTask(input: FaultsInput): Promise<{ found: FaultReport['found'] }> {
  const prepared = await loadPrepared(input.preparedPath);
  const { predictions } = unpackOutOfFold(await readFile(input.outOfFoldPath));
  const found = findFaults(prepared, coveredRows(prepared.folds), predictions, input.seed);
  const report = JSON.parse(await readFile(input.reportPath, 'utf8')) as Report;
  const important = report.importance.map(({ column }) => column);
  const names = prepared.preparation.columns.map(({ name }) => name);
  const columns = [...new Set([...important, ...names])].slice(0, shownColumns);
  const { target } = prepared;
  const say = (value: number) =>
    target.problem === 'regression' ? String(Number(value.toPrecision(6))) : (target.classes[value] ?? '');
  const drafts = wordFaults(
    found,
    say,
    (row) => prepared.targetValues[row] ?? Number.NaN,
    prepared.features.numericNames,
  );
  const rowOf = await tableRows(input.seal, prepared.fileRows);
  const wanted = new Map<number, readonly (string | null)[]>();
  const listed = Object.fromEntries(Object.entries(drafts).map(([kind, list]) => [kind, list.slice(0, mostListed)]));
  for (const list of Object.values(listed)) for (const { row } of list) wanted.set(rowOf[row] ?? -1, []);
  await readCells(input.seal.tablePath, columns, wanted);
  const faults = Object.fromEntries(
    Object.entries(listed).map(([kind, list]) => [
      kind,
      list.map(({ row, ...rest }): Fault => {
        const at = rowOf[row] ?? -1;
        return { row: at, ...rest, cells: wanted.get(at) ?? [] };
      }),
    ]),
  ) as Record<FaultKind, Fault[]>;
  const counts = { label: drafts.label.length, twin: drafts.twin.length, outlier: drafts.outlier.length };
  const made: FaultReport = {
    schema: 'warmstart.faults/1',
    rows: prepared.features.rows,
    target: input.seal.target,
    columns,
    estimated: found.estimated,
    found: counts,
    faults,
  };
  await writeFile(input.faultsPath, JSON.stringify(made));
  return { found: counts };
}

type Draft = Omit<Fault, 'cells'>;

const percent = (share: number) => `${share > 0 && share < 0.005 ? '<1' : Math.round(100 * share)} %`;
const plain = (value: number) => String(Number(value.toPrecision(4)));

/** Faults in words; rows are still those of the prepared task. */
function wordFaults(
  found: Faults,
  say: (value: number) => string,
  targetOf: (row: number) => number,
  columns: readonly string[],
): Record<FaultKind, Draft[]> {
  const labels = found.labels.map(({ row, given, suggested, givenShare, suggestedShare }) => ({
    row,
    given: say(given),
    suggested: say(suggested),
    reason: `${say(suggested)} ${percent(suggestedShare)}, ${say(given)} ${percent(givenShare)} by models that have not seen it.`,
  }));
  const values = found.values.map(({ row, given, suggested, times }) => ({
    row,
    given: say(given),
    suggested: say(suggested),
    reason: `${plain(times)} times as far from its prediction as usual for numbers of that size.`,
  }));
  const twins = found.twins.map(({ row, other, distance }) => ({
    row,
    given: say(targetOf(row)),
    suggested: say(targetOf(other)),
    reason: `${distance === 0 ? 'A row that is the same in every column' : 'A row that is nearly the same'} has ${say(targetOf(other))}.`,
  }));
  const outliers = found.outliers.map(({ row, column, value, usual }) => ({
    row,
    given: say(targetOf(row)),
    suggested: null,
    reason: `${columns[column] ?? 'A column'} is ${plain(value)}; 99 % of rows lie between ${plain(usual[0])} and ${plain(usual[1])}.`,
  }));
  return { label: [...labels, ...values], twin: twins, outlier: outliers };
}

/** For each training row its row in the version's table. @param fileRows of the training file, where not all are learned from */
async function tableRows(seal: FaultsInput['seal'], fileRows: Int32Array | undefined): Promise<Int32Array> {
  const { rows, test, leaveOut } = await sealedRows(seal, seal.separateTest);
  const gone = new Uint8Array(rows);
  for (const row of [...test, ...leaveOut]) gone[row] = 1;
  const training = Int32Array.from({ length: rows }, (_, row) => row).filter((row) => gone[row] === 0);
  return fileRows ? fileRows.map((row) => training[row] as number) : training;
}

/** Fills in the cells of the wanted rows; everything else streams by. */
async function readCells(
  path: string,
  columns: readonly string[],
  wanted: Map<number, readonly (string | null)[]>,
): Promise<void> {
  let from = 0;
  for await (const batch of readParquetRows(path)) {
    const read = columns.map((name) => batch.column(name));
    for (let i = 0; i < batch.rows; i++)
      if (wanted.has(from + i))
        wanted.set(
          from + i,
          read.map((cells) => cellOf(cells?.[i])),
        );
    from += batch.rows;
  }
}

function cellOf(value: number | string | null | undefined): string | null {
  if (value === null || value === undefined || value === '' || Number.isNaN(value)) return null;
  const text = typeof value === 'number' ? String(Number(value.toPrecision(6))) : value;
  return text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text;
}
