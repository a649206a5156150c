/**
 * Whether a GPU computes what the CPU does, and where its nodes run: `npm run bench -- providers [--provider webgpu|cuda]
 * [--ops conv,lstm] [--quick] [--out r.jsonl]`. A line per case of an operator, then a summary: how many agree, which are
 * off or fail, and which operators were left to the CPU. docs/runtimes.md says how to run it without a GPU.
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type OperatorCase, operatorCases } from '#core/ops/testing/cases.ts';
import { gradientsOf } from '#core/ops/testing/gradient-check.ts';
import { caseName, prepareCase } from '#core/ops/testing/prepared-case.ts';
import { relativeError } from '#core/ops/testing/relative-error.ts';
import { type GpuProvider, openGpu } from '#workers/runtime/gpu-engine.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { placedRuntime } from '#workers/runtime/placement.ts';

interface CaseLine {
  readonly provider: GpuProvider;
  readonly op: string;
  readonly case: string;
  /** Of the sum and all gradients to the CPU's, in the Euclidean norm. */
  readonly relativeError?: number;
  readonly placed?: number;
  readonly onCpu?: Readonly<Record<string, number>>;
  readonly error?: string;
}

/** Sines and cosines of GPUs are good to about 2^-11; everything else to float32. */
const TOLERANCE = 1e-4;
const COARSE: ReadonlySet<string> = new Set(['sin', 'cos']);
const tolerance = (op: string): number => (COARSE.has(op) ? 1e-3 : TOLERANCE);

async function compare(provider: GpuProvider, c: OperatorCase): Promise<CaseLine> {
  const line = { provider, op: c.op, case: caseName(c) };
  const { network, loss, feeds } = prepareCase(c);
  try {
    const ours = await gradientsOf(nodeRuntime, network, loss, feeds, { contrib: true });
    let where = {};
    const gpu = placedRuntime(provider, (placement) => {
      where = placement;
    });
    const theirs = await gradientsOf(gpu, network, loss, feeds, { contrib: true, provider });
    return { ...line, relativeError: relativeError(theirs, ours), ...where };
  } catch (error) {
    return { ...line, error: error instanceof Error ? error.message : String(error) };
  }
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      provider: { type: 'string', default: 'webgpu' },
      ops: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const provider = values.provider === 'cuda' ? 'cuda' : 'webgpu';
  const { engine } = await openGpu(provider);
  console.error(`${engine.name} trains to the weights of ${nodeRuntime.name}`);
  const only = values.ops?.split(',');
  const wanted = operatorCases.filter((c) => only?.includes(c.op) ?? true);
  // One case of each operator where there is a minute only.
  const cases = values.quick ? wanted.filter((c, i) => wanted.findIndex((d) => d.op === c.op) === i) : wanted;
  const lines: CaseLine[] = [];
  for (const c of cases) {
    const line = await compare(provider, c);
    lines.push(line);
    const text = JSON.stringify(line);
    console.log(text);
    if (values.out) appendFileSync(values.out, `${text}\n`);
  }
  const off = lines.filter((l) => !((l.relativeError ?? Number.POSITIVE_INFINITY) < tolerance(l.op)));
  const onCpu = new Set(lines.flatMap((l) => Object.keys(l.onCpu ?? {})));
  console.error(`${lines.length - off.length} of ${lines.length} cases agree with the CPU on ${engine.name}`);
  for (const line of off) console.error(`off: ${line.case}: ${line.error ?? line.relativeError}`);
  console.error(`left to the CPU: ${[...onCpu].sort().join(', ') || 'nothing'}`);
}
