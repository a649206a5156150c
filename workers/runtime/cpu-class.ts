/** Which kernels native code picks on this machine: equal inputs give equal bits within one class. */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Vector extensions that onnxruntime's kernels differ by (MLAS). */
const telling = [
  ...['sse4_1', 'avx', 'avx2', 'fma', 'avx512f', 'avx512_vnni', 'avx512_bf16', 'avx_vnni', 'amx_int8', 'amx_bf16'],
  ...['asimd', 'asimddp', 'i8mm', 'bf16', 'sve', 'sve2'],
];

let known: { readonly cpu: string; readonly model: string } | undefined;

/** `cpu`: system, architecture and extensions, or the model's name where the system does not list them; `model` for people. */
export function cpuClass(): { readonly cpu: string; readonly model: string } {
  known ??= readClass(`${process.platform}-${process.arch}`, cpus()[0]?.model ?? 'unknown');
  return known;
}

function readClass(machine: string, model: string): { cpu: string; model: string } {
  let flags = '';
  try {
    flags = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  } catch {
    // Not Linux.
  }
  const present = new Set(flags.trim().split(/\s+/));
  const found = telling.filter((name) => present.has(name));
  return { cpu: [machine, ...(found.length > 0 ? found : [model])].join(' '), model };
}
