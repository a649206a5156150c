/**
 * Training steps per second, ours against PyTorch on the CPU and what else is there: same data, same initial weights, same
 * Adam. Rounds are interleaved and every timing has a process of its own, so that a busy machine slows all alike; the best
 * of the rounds counts. tfjs-node takes part where `infra/tfjs/build-native.ts` built it. The loss after one update must agree with PyTorch's, or the bench fails.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { adam, type BenchModel, startOf } from './engine/model.ts';
import { benchModels } from './engine/models.ts';
import { disagreements, type Line, printShares, REFERENCE } from './engine/shares.ts';
import { keepResult } from './lib/machine.ts';
import { ensureVenv } from './lib/python-venv.ts';

const exec = promisify(execFile);

interface Timing {
  readonly msPerStep: number;
  readonly cpuMsPerStep: number;
  readonly lossAfterOneUpdate: number;
}

/** The command that times a system once, from the model, the folder of its inputs, threads and seconds. */
type Command = (model: string, data: string, threads: string, seconds: string) => readonly [string, readonly string[]];

function systemsOf(python: string): Readonly<Record<string, Command>> {
  const script = join(import.meta.dirname, 'engine/time-training.ts');
  const torch = join(import.meta.dirname, 'peers/torch_train.py');
  const node =
    (system: string): Command =>
    (model, _data, threads, seconds) => [process.execPath, [script, model, system, threads, seconds]];
  const pytorch =
    (kind: string): Command =>
    (_model, data, threads, seconds) => [python, [torch, data, kind, threads, seconds]];
  return {
    ours: node('ours'),
    [REFERENCE]: pytorch('eager'),
    'ours-portable': node('ours-portable'),
    'pytorch-fused-adam': pytorch('fused'),
    'pytorch-compile': pytorch('compile'),
    'tfjs-node': node('tfjs-node'),
  };
}

/** `--models mlp,… --systems ours,… --threads 1,2 --rounds N --seconds S --quick --out FILE` */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      models: { type: 'string', default: Object.keys(benchModels).join() },
      systems: { type: 'string' },
      threads: { type: 'string', default: '1' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 4));
  const seconds = values.seconds ?? (values.quick ? '1' : '3');
  const all = systemsOf(await ensureVenv(['torch', 'numpy']));
  const names = values.systems?.split(',') ?? Object.keys(all).slice(0, values.quick ? 2 : undefined);
  const lines: Line[] = [];
  for (const model of values.models.split(',')) {
    const make = benchModels[model];
    if (!make) throw new RangeError(`There is no model ${model}; there are ${Object.keys(benchModels).join(', ')}.`);
    const data = await mkdtemp(join(tmpdir(), 'warmstart-engine-'));
    try {
      await writeInputs(data, model, make());
      for (const threads of values.threads.split(',')) {
        const command = (name: string) => {
          const system = all[name];
          if (!system) throw new RangeError(`There is no system ${name}; there are ${Object.keys(all).join(', ')}.`);
          return system(model, data, threads, seconds);
        };
        lines.push(...(await compare(model, Number(threads), names, command, rounds)));
      }
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  }
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  console.log(text);
  printShares(lines);
  if (values.out) await writeFile(values.out, `${text}\n`);
  else if (!values.quick) keepResult('engine', { rounds, seconds: Number(seconds), lines });
  const wrong = disagreements(lines);
  for (const message of wrong) console.error(message);
  if (wrong.length > 0) process.exitCode = 1;
}

async function compare(
  model: string,
  threads: number,
  systems: readonly string[],
  command: (system: string) => ReturnType<Command>,
  rounds: number,
): Promise<Line[]> {
  const best = new Map<string, Line>();
  for (let round = 0; round < rounds; round++) {
    for (const system of round % 2 === 0 ? systems : systems.toReversed()) {
      const before = best.get(system);
      if (before && before.error !== null) continue;
      const base = { model, system, threads };
      try {
        const env = { ...process.env, TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: '1' };
        const { stdout } = await exec(...command(system), { timeout: 600_000, env });
        const result = JSON.parse(stdout.trim().split('\n').at(-1)!) as Timing;
        console.error(`${model}/${threads} round ${round + 1} ${system}: ${result.msPerStep.toFixed(3)} ms`);
        best.set(system, {
          ...base,
          msPerStep: Math.min(result.msPerStep, before?.msPerStep ?? Number.POSITIVE_INFINITY),
          cpuMsPerStep: Math.min(result.cpuMsPerStep, before?.cpuMsPerStep ?? Number.POSITIVE_INFINITY),
          lossAfterOneUpdate: result.lossAfterOneUpdate,
          error: null,
        });
      } catch (error) {
        const message = error instanceof Error ? error.message.slice(-2000) : String(error);
        console.error(`${model}/${threads} ${system}: ${message}`);
        best.set(system, { ...base, msPerStep: null, cpuMsPerStep: null, lossAfterOneUpdate: null, error: message });
      }
    }
  }
  return [...best.values()];
}

async function writeInputs(folder: string, name: string, model: BenchModel): Promise<void> {
  const { kinds, data, batch, rows } = model;
  const { layout, state } = startOf(model);
  const parameters = layout.entries.map((entry) => ({ name: entry.name, shape: entry.shape.slice(1) }));
  const tensors = Object.entries(data).map(([input, { type, dims }]) => ({
    name: input,
    kind: kinds[input],
    type,
    dims,
  }));
  const spec = { model: name, batch, rows, adam, parameters, data: tensors };
  await writeFile(join(folder, 'spec.json'), JSON.stringify(spec));
  const files = { ...Object.fromEntries(Object.entries(data).map(([k, t]) => [k, t.data])) } as Record<
    string,
    Float32Array | BigInt64Array
  >;
  files.initial = state.parameters;
  await Promise.all(
    Object.entries(files).map(([file, values]) =>
      writeFile(join(folder, `${file}.bin`), new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
    ),
  );
}
