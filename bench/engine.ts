/**
 * Training steps per second, ours against PyTorch on the CPU, one thread each: same data, same initial weights, same Adam.
 * Rounds are interleaved and every timing has a process of its own, so that a busy machine slows all alike.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { bindNetwork } from '#core/ir/network.ts';
import { layoutOf } from '#core/train/layout.ts';
import { initialState } from '#core/train/state.ts';
import { adam, type BenchModel, benchData, benchModels } from './engine/models.ts';
import { keepResult } from './lib/machine.ts';
import { ensureVenv } from './lib/python-venv.ts';

const exec = promisify(execFile);
const folder = join(import.meta.dirname, 'engine');

interface Line {
  readonly model: string;
  readonly system: string;
  readonly threads: 1;
  readonly msPerStep: number | null;
  /** Processor time, which a busy machine distorts less than wall time. */
  readonly cpuMsPerStep: number | null;
  readonly lossAfterOneUpdate: number | null;
  readonly error: string | null;
}

interface Timing {
  readonly msPerStep: number;
  readonly cpuMsPerStep: number;
  readonly lossAfterOneUpdate: number;
}

/** `--models mlp[,…] --rounds N --seconds S --quick --out FILE` */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      models: { type: 'string', default: Object.keys(benchModels).join() },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 6));
  const seconds = values.seconds ?? (values.quick ? '1.5' : '4');
  const python = await ensureVenv(['torch', 'numpy']);
  const lines: Line[] = [];
  for (const name of values.models.split(',')) {
    const make = benchModels[name];
    if (!make) throw new RangeError(`There is no model ${name}; there are ${Object.keys(benchModels).join(', ')}.`);
    lines.push(...(await compare(name, make(), python, rounds, seconds)));
  }
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  console.log(text);
  for (const name of values.models.split(',')) printRatio(name, lines);
  if (values.out) await writeFile(values.out, `${text}\n`);
  else if (!values.quick) keepResult('engine', { rounds, seconds: Number(seconds), lines });
}

async function compare(
  name: string,
  model: BenchModel,
  python: string,
  rounds: number,
  seconds: string,
): Promise<Line[]> {
  const data = await mkdtemp(join(tmpdir(), 'warmstart-engine-'));
  const systems: Record<string, () => Promise<{ stdout: string }>> = {
    warmstart: () => exec(process.execPath, [join(folder, 'ours.ts'), name, seconds]),
    pytorch: () => exec(python, [join(folder, 'torch_train.py'), data, 'default', seconds]),
    'pytorch-fused-adam': () => exec(python, [join(folder, 'torch_train.py'), data, 'fused', seconds]),
  };
  const best = new Map<string, Line>();
  try {
    await writeInputs(data, model);
    for (let round = 0; round < rounds; round++) {
      const order = Object.keys(systems);
      for (const system of round % 2 === 0 ? order : order.toReversed()) {
        const base = { model: name, system, threads: 1 } as const;
        try {
          const { stdout } = await systems[system]!();
          const result = JSON.parse(stdout) as Timing;
          console.error(`round ${round + 1} ${system}: ${result.msPerStep.toFixed(3)} ms`);
          const before = best.get(system);
          best.set(system, {
            ...base,
            msPerStep: Math.min(result.msPerStep, before?.msPerStep ?? Number.POSITIVE_INFINITY),
            cpuMsPerStep: Math.min(result.cpuMsPerStep, before?.cpuMsPerStep ?? Number.POSITIVE_INFINITY),
            lossAfterOneUpdate: result.lossAfterOneUpdate,
            error: null,
          });
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          const nothing = { msPerStep: null, cpuMsPerStep: null, lossAfterOneUpdate: null };
          if (!best.has(system)) best.set(system, { ...base, ...nothing, error: message });
        }
      }
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
  return [...best.values()];
}

async function writeInputs(data: string, model: BenchModel): Promise<void> {
  const { x, y } = benchData(model);
  const layout = layoutOf(bindNetwork(model.network, { K: 1, N: model.batch }));
  const { parameters } = initialState(layout, [1]);
  const { rows, batch, width, units } = model;
  await writeFile(join(data, 'spec.json'), JSON.stringify({ rows, batch, width, units, adam }));
  await Promise.all(
    Object.entries({ x, y, initial: parameters }).map(([name, values]) =>
      writeFile(join(data, `${name}.bin`), new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
    ),
  );
}

function printRatio(model: string, lines: readonly Line[]): void {
  const ours = lines.find((l) => l.model === model && l.system === 'warmstart');
  for (const peer of lines.filter((l) => l.model === model && l !== ours)) {
    const ratio = (a: number | null, b: number | null | undefined): string => (a && b ? (a / b).toFixed(2) : 'no');
    console.log(
      `${model}: ${ratio(peer.msPerStep, ours?.msPerStep)} times the steps per second of ${peer.system}` +
        ` (${ratio(peer.cpuMsPerStep, ours?.cpuMsPerStep)} times by processor time)`,
    );
  }
}
