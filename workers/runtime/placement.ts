/** Which provider ran which nodes: a GPU runtime leaves nodes for which it has no kernel to the CPU without a word. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import type { Runtime, Tensor } from '#core/contracts/runtime.ts';
import { sessionOf } from './onnxruntime-common.ts';
import { type NodeProvider, nodeRuntimeOn, sessionOptions } from './onnxruntime-node.ts';

export interface Placement {
  /** Nodes run on the provider asked for, each run of a loop's body counted; copies between devices left out. */
  readonly placed: number;
  /** Operators run on the CPU instead, with how often. */
  readonly onCpu: Readonly<Record<string, number>>;
}

/** What the CPU does for any provider at next to no cost: control flow, and arithmetic on shapes. */
const control: ReadonlySet<string> = new Set(['Loop', 'If', 'Scan', 'Shape', 'Identity', 'Squeeze']);

interface ProfileEvent {
  readonly cat: string;
  readonly args: { readonly op_name?: string; readonly provider?: string };
}

/**
 * Runs a model once on `provider` under the profiler.
 * @throws the runtime's error when the provider cannot be had or the model does not run there
 */
async function runPlaced(
  provider: NodeProvider,
  model: Uint8Array,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<{ outputs: Record<string, Tensor>; placement: Placement }> {
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-profile-'));
  try {
    const native = await ort.InferenceSession.create(model, {
      ...sessionOptions(provider, 1),
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
    });
    const session = sessionOf(ort, native);
    const outputs = await session.run(feeds);
    native.endProfiling();
    await session.dispose();
    const [file] = readdirSync(folder);
    const events: readonly ProfileEvent[] = JSON.parse(readFileSync(join(folder, file!), 'utf8'));
    return { outputs, placement: count(provider, events) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(provider: NodeProvider, events: readonly ProfileEvent[]): Placement {
  let placed = 0;
  const onCpu: Record<string, number> = {};
  for (const { cat, args } of events) {
    if (cat !== 'Node' || !args.provider || !args.op_name || args.op_name.startsWith('Memcpy')) continue;
    const where = args.provider.replace('ExecutionProvider', '').toLowerCase();
    if (where === provider) placed++;
    else if (!control.has(args.op_name)) onCpu[args.op_name] = (onCpu[args.op_name] ?? 0) + 1;
  }
  return { placed, onCpu };
}

/** The native runtime on `provider` that tells `note` where the nodes of every run ran. Slow: each run has its own session. */
export function placedRuntime(provider: NodeProvider, note: (placement: Placement) => void): Runtime {
  return {
    ...nodeRuntimeOn(provider),
    async createSession(model) {
      const { inputNames, outputNames, dispose } = await nodeRuntimeOn(provider).createSession(model);
      await dispose();
      return {
        inputNames,
        outputNames,
        dispose: async () => undefined,
        run: async (feeds) => {
          const { outputs, placement } = await runPlaced(provider, model, feeds);
          note(placement);
          return outputs;
        },
      };
    },
  };
}
