/** The runtime that `--runtime` names. */
import type { Runtime } from '#core/contracts/runtime.ts';
import { usageError } from './exit.ts';

/** @throws CliError 2 for anything but node and web */
export async function runtimeNamed(name: string): Promise<Runtime> {
  if (name === 'node') return (await import('#workers/runtime/onnxruntime-node.ts')).nodeRuntime;
  if (name === 'web') return (await import('#workers/runtime/onnxruntime-web.ts')).webRuntime;
  throw usageError(`--runtime ${name}: it must be node or web.`);
}
