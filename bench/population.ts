/**
 * Small networks per hour on the cores of this machine: trained one after the other, each in a process of its own, start-up
 * included, against populations in warm processes; and what two processes at once do against one: steps of trials, and loops
 * that show what the machine can give (population/control.ts).
 * `--rows 1000,10000 --widths 16,32,64,128 --epochs 30 --rounds 3 --quick --out r.jsonl`
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { networksCached } from '#core/learners/mlp/cached.ts';
import { keepResult } from './lib/machine.ts';
import type { ControlTask } from './population/child.ts';
import { type Control, controls } from './population/control.ts';
import { type Answer, CLASSES, INPUTS, type TrialTask } from './population/trial.ts';

const CORES = 2;
/** Of one measurement of what two processes gain: short ones find the moments in which nothing else runs. */
const CONTROL_SECONDS = 0.2;
const SCALING_EPOCHS = 8;
const SCALING_ROUNDS = 10;
const entry = join(import.meta.dirname, 'population/child.ts');
const quiet = { execArgv: ['--disable-warning=ExperimentalWarning'] };

interface PopulationLine {
  readonly rows: number;
  readonly width: number;
  readonly members: number;
  readonly aloneTrialsPerHour: number;
  readonly populationTrialsPerHour: number;
  readonly ratio: number;
  /** The same by processor time, which other work on the machine hardly changes. */
  readonly cpuRatio: number;
  /** Largest difference between the last loss of a trial alone and in its population. */
  readonly lossDifference: number;
}

const batchOf = (rows: number): number => (rows <= 1024 ? 64 : 128);

/** Members of one population: as many as the product trains side by side, at least 2 and no more than 32. */
function membersFor(width: number, batch: number): number {
  const weights = (INPUTS + width + CLASSES) * width;
  return Math.max(2, Math.min(32, networksCached({ batch, width, weights, cosines: 0 })));
}

/** Runs `tasks` in turn, `CORES` at a time; returns the seconds from the first start to the last end, and those of processors. */
async function timed(tasks: readonly TrialTask[], run: (task: TrialTask, core: number) => Promise<Answer>) {
  const waiting = [...tasks];
  const losses = new Map<number, number>();
  let cpu = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: CORES }, async (_, core) => {
      for (let task = waiting.shift(); task; task = waiting.shift()) {
        const answer = await run(task, core);
        cpu += answer.cpuSeconds;
        task.trials.forEach((trial, i) => {
          losses.set(trial, answer.losses[i]!);
        });
      }
    }),
  );
  return { seconds: (performance.now() - started) / 1000, cpu, losses };
}

async function inOwnProcess(task: TrialTask): Promise<Answer> {
  const child = fork(entry, [JSON.stringify(task)], quiet);
  const [[answer]] = await Promise.all([once(child, 'message'), once(child, 'exit')]);
  return answer as Answer;
}

async function inWarm<T = Answer>(child: ChildProcess, task: TrialTask | ControlTask): Promise<T> {
  child.send(task);
  const [answer] = await once(child, 'message');
  return answer as T;
}

async function warmChildren(): Promise<ChildProcess[]> {
  return Promise.all(
    Array.from({ length: CORES }, async () => {
      const child = fork(entry, [], quiet);
      await once(child, 'message');
      return child;
    }),
  );
}

/** Both ways next to each other in time, `rounds` times; the best of each. */
async function compare(
  children: readonly ChildProcess[],
  rows: number,
  width: number,
  epochs: number,
  rounds: number,
  aloneTrials: number,
): Promise<PopulationLine> {
  const batch = batchOf(rows);
  const members = membersFor(width, batch);
  const task = (trials: readonly number[]): TrialTask => ({ rows, width, batch, epochs, trials });
  const numbers = Array.from({ length: CORES * members }, (_, i) => i);
  const populations = Array.from({ length: CORES }, (_, i) => task(numbers.slice(i * members, (i + 1) * members)));
  const alone = numbers.slice(0, aloneTrials).map((n) => task([n]));
  let [aloneRate, populationRate, lossDifference] = [0, 0, 0];
  let [aloneCpu, populationCpu] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    const single = await timed(alone, inOwnProcess);
    const together = await timed(populations, (t, core) => inWarm(children[core]!, t));
    aloneRate = Math.max(aloneRate, (alone.length * 3600) / single.seconds);
    populationRate = Math.max(populationRate, (numbers.length * 3600) / together.seconds);
    aloneCpu = Math.min(aloneCpu, single.cpu / alone.length);
    populationCpu = Math.min(populationCpu, together.cpu / numbers.length);
    for (const [trial, loss] of single.losses) {
      lossDifference = Math.max(lossDifference, Math.abs(loss - together.losses.get(trial)!));
    }
  }
  const [aloneTrialsPerHour, populationTrialsPerHour] = [Math.round(aloneRate), Math.round(populationRate)];
  const ratio = populationRate / aloneRate;
  const cpuRatio = aloneCpu / populationCpu;
  return { rows, width, members, aloneTrialsPerHour, populationTrialsPerHour, ratio, cpuRatio, lossDifference };
}

/** What two processes get done in a time over what one does, best of `rounds` interleaved rounds. */
interface Scaling extends Record<Control, number> {
  /** Steps of a trial. */
  readonly training: number;
}

async function scaling(children: readonly ChildProcess[], rounds: number): Promise<Scaling> {
  const task = (trial: number): TrialTask => ({
    rows: 10_000,
    width: 128,
    batch: 128,
    epochs: SCALING_EPOCHS,
    trials: [trial],
  });
  const training = async (some: readonly ChildProcess[]): Promise<number> => {
    const answers = await Promise.all(some.map((child, i) => inWarm(child, task(i))));
    return answers.reduce((sum, { steps, seconds }) => sum + steps / seconds, 0);
  };
  const controlled = (control: Control) => async (some: readonly ChildProcess[]) => {
    const rates = await Promise.all(some.map((child) => inWarm<number>(child, { control, seconds: CONTROL_SECONDS })));
    return rates.reduce((a, b) => a + b, 0);
  };
  const work = { training, ...Object.fromEntries(controls.map((name) => [name, controlled(name)])) };
  const best = new Map<string, number>();
  for (let round = 0; round < rounds; round++)
    for (const [name, rate] of Object.entries(work))
      for (const count of [1, CORES]) {
        const key = `${name} ${count}`;
        best.set(key, Math.max(best.get(key) ?? 0, await rate(children.slice(0, count))));
      }
  const ratios = Object.keys(work).map((name) => [name, best.get(`${name} ${CORES}`)! / best.get(`${name} 1`)!]);
  return Object.fromEntries(ratios) as Scaling;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: '1000,10000' },
      widths: { type: 'string', default: '16,32,64,128' },
      epochs: { type: 'string', default: '30' },
      rounds: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const { quick } = values;
  const list = (text: string): number[] => text.split(',').map(Number);
  const epochs = quick ? 3 : Number(values.epochs);
  const rounds = quick ? 1 : Number(values.rounds);
  const [rows, widths] = quick ? [[1000], [16, 128]] : [list(values.rows), list(values.widths)];
  const children = await warmChildren();
  const lines: PopulationLine[] = [];
  try {
    for (const n of rows) {
      for (const width of widths) {
        const line = await compare(children, n, width, epochs, rounds, quick ? CORES : 4 * CORES);
        lines.push(line);
        console.log(JSON.stringify(line));
        if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
      }
    }
    const twoOverOne = await scaling(children, SCALING_ROUNDS * rounds);
    console.log(JSON.stringify({ twoOverOne }));
    console.log('\nrows    width  members  alone/h  population/h  ratio  by CPU  loss difference');
    for (const l of lines) {
      const cells = [l.rows, l.width, l.members, l.aloneTrialsPerHour, l.populationTrialsPerHour];
      const widthsOf = [6, 6, 8, 9, 14];
      const left = cells.map((cell, i) => String(cell).padStart(widthsOf[i]!)).join('');
      console.log(
        `${left}${l.ratio.toFixed(2).padStart(7)}${l.cpuRatio.toFixed(2).padStart(8)}  ${l.lossDifference.toExponential(1)}`,
      );
    }
    const gains = Object.entries(twoOverOne).map(([name, ratio]) => `${name} ${ratio.toFixed(2)}`);
    console.log(`two processes on ${CORES} cores over one: ${gains.join(', ')}`);
    const whole = !quick && values.rows === '1000,10000' && values.widths === '16,32,64,128';
    if (whole) keepResult('population', { epochs, lines, twoOverOne });
  } finally {
    for (const child of children) child.disconnect();
  }
}
