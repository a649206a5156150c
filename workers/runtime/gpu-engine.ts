/** Training on a GPU: judged by what it computes before it is trusted, and, on request, only where it is faster. */
import { networkCost } from '#core/ir/network.ts';
import { programEngine, type TrainingEngine, type TrainingSpec } from '#core/train/engine.ts';
import { type ProbeRun, probeRun } from '#core/train/probe.ts';
import { type NodeProvider, nodeRuntime, nodeRuntimeOn } from './onnxruntime-node.ts';

export type GpuProvider = Exclude<NodeProvider, 'cpu'>;

/** Milliseconds of a step as an overhead and a rate. */
export interface Speed {
  readonly overheadMs: number;
  readonly macsPerMs: number;
}

export interface JudgedGpu {
  readonly engine: TrainingEngine;
  readonly gpu: Speed;
  readonly cpu: Speed;
}

/** Runs long enough to be compared, and short enough to wait for where a driver in software does them. */
const small = { width: 32, batch: 64, steps: 5 };
const large = { width: 512, batch: 256, steps: 2 };
/** Largest difference of a parameter after the small run; several times what the orders of summation make. */
const TOLERANCE = 1e-3;

const measure = (engine: TrainingEngine, { width, batch, steps }: typeof small): Promise<ProbeRun> =>
  probeRun(engine, width, batch, steps, () => performance.now());

/** Speed of two runs, by the line through them. */
export function speedOf(a: ProbeRun, b: ProbeRun): Speed {
  const macsPerMs = (b.macs - a.macs) / Math.max(1e-6, b.stepMs - a.stepMs);
  return { macsPerMs, overheadMs: Math.max(0, a.stepMs - a.macs / macsPerMs) };
}

/**
 * The engine on `provider`, once it has trained a small network to the same weights as the CPU.
 * @throws Error when the provider cannot be had, or computes something else
 */
export async function openGpu(
  provider: GpuProvider,
): Promise<{ engine: TrainingEngine; run: ProbeRun; cpu: ProbeRun }> {
  const engine = programEngine(nodeRuntimeOn(provider));
  const run = await measure(engine, small);
  const cpu = await measure(programEngine(nodeRuntime), small);
  const off = run.parameters.reduce((worst, v, i) => Math.max(worst, Math.abs(v - cpu.parameters[i]!)), 0);
  if (!(off <= TOLERANCE)) throw new Error(`${engine.name} trained other weights than the CPU: they differ by ${off}.`);
  return { engine, run, cpu };
}

/** As `openGpu`, with the speed of both. */
export async function judgeGpu(provider: GpuProvider): Promise<JudgedGpu> {
  const { engine, run, cpu } = await openGpu(provider);
  const [largeRun, largeCpu] = [await measure(engine, large), await measure(programEngine(nodeRuntime), large)];
  return { engine, gpu: speedOf(run, largeRun), cpu: speedOf(cpu, largeCpu) };
}

/** Milliseconds that a step of `macs` takes by that speed. */
export const stepMs = ({ overheadMs, macsPerMs }: Speed, macs: number): number => overheadMs + macs / macsPerMs;

/** Each network where its steps are expected to be faster: small ones stay on the CPU. */
export function fasterOf({ engine, gpu, cpu }: JudgedGpu, onCpu: TrainingEngine): TrainingEngine {
  const choose = ({ network, members, batch }: TrainingSpec): TrainingEngine => {
    const { macs } = networkCost(network, { K: members, N: batch });
    return stepMs(gpu, macs) < stepMs(cpu, macs) ? engine : onCpu;
  };
  return {
    name: `${engine.name} or ${onCpu.name}`,
    create: (spec, ...rest) => choose(spec).create(spec, ...rest),
  };
}
