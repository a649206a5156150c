/** Timings of the engine bench as shares of PyTorch's time, and whether all systems computed the same. */
export interface Line {
  readonly model: string;
  readonly system: string;
  readonly threads: number;
  readonly msPerStep: number | null;
  /** Processor time, which a busy machine distorts less than wall time. */
  readonly cpuMsPerStep: number | null;
  readonly lossAfterOneUpdate: number | null;
  readonly error: string | null;
}

/** The system whose time counts as 1 and whose loss the others must match. */
export const REFERENCE = 'pytorch';

/** Float32 sums in another order differ by less than this share of the loss after one update. */
const TOLERANCE = 1e-4;

const key = ({ model, threads }: Line): string => `${model} /${threads}`;
const referenceOf = (lines: readonly Line[], line: Line): Line | undefined =>
  lines.find((l) => l.system === REFERENCE && key(l) === key(line));

/** Every model's time as a share of the reference's, wall time and processor time. */
export function printShares(lines: readonly Line[]): void {
  const systems = [...new Set(lines.map((l) => l.system))];
  const share = (a: number | null | undefined, b: number | null | undefined): string =>
    a && b ? (a / b).toFixed(2) : '-';
  const cell = (text: string): string => text.padStart(20);
  console.log(`share of ${REFERENCE}'s time (by processor time); ms of ${REFERENCE}`);
  console.log(`${'model /threads'.padEnd(16)}${systems.map(cell).join('')}`);
  for (const row of new Set(lines.map(key))) {
    const own = lines.filter((l) => key(l) === row);
    const reference = referenceOf(lines, own[0]!);
    const cells = systems.map((system) => {
      const line = own.find((l) => l.system === system);
      const wall = share(line?.msPerStep, reference?.msPerStep);
      return cell(
        system === REFERENCE
          ? `${line?.msPerStep?.toFixed(2) ?? '-'} ms`
          : `${wall} (${share(line?.cpuMsPerStep, reference?.cpuMsPerStep)})`,
      );
    });
    console.log(`${row.padEnd(16)}${cells.join('')}`);
  }
}

/** One sentence for each system whose loss after one update is not the reference's. */
export function disagreements(lines: readonly Line[]): string[] {
  return lines.flatMap((line) => {
    const wanted = referenceOf(lines, line)?.lossAfterOneUpdate;
    const got = line.lossAfterOneUpdate;
    if (wanted === null || wanted === undefined || got === null) return [];
    const off = Math.abs(got - wanted) > TOLERANCE * Math.max(1, Math.abs(wanted));
    return off ? [`${key(line)}: after one update ${line.system} has the loss ${got}, ${REFERENCE} ${wanted}.`] : [];
  });
}
