/** The initialisers of one graph, each distinct tensor once. */
import type { Tensor } from '../contracts/runtime.ts';

export class ConstantPool {
  private readonly tensors = new Map<string, Tensor>();
  private readonly byKey = new Map<string, string[]>();

  /** Name of an equal tensor that is there already, or of this one, added under `newName()`. */
  add(tensor: Tensor, newName: () => string): string {
    const key = `${tensor.type}[${tensor.dims.join(',')}]${checksum(tensor)}`;
    const candidates = this.byKey.get(key) ?? [];
    for (const name of candidates) if (equalData(this.tensors.get(name)!, tensor)) return name;
    const name = newName();
    this.tensors.set(name, tensor);
    this.byKey.set(key, [...candidates, name]);
    return name;
  }

  all(): ReadonlyMap<string, Tensor> {
    return new Map(this.tensors);
  }
}

function bytesOf(tensor: Tensor): Uint8Array | undefined {
  const { data } = tensor;
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : undefined;
}

/** A cheap 32-bit hash (FNV-1a); equality is always checked in full afterwards. */
function checksum(tensor: Tensor): number {
  let hash = 0x811c9dc5;
  const bytes = bytesOf(tensor);
  if (bytes) for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  else {
    for (const text of tensor.data as readonly string[]) {
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      hash = Math.imul(hash ^ 0xffff, 0x01000193);
    }
  }
  return hash >>> 0;
}

/** Bitwise equality, so that -0 and 0, and NaN payloads, are kept apart. */
function equalData(a: Tensor, b: Tensor): boolean {
  if (a.data.length !== b.data.length) return false;
  const x = bytesOf(a);
  const y = bytesOf(b);
  if (x && y) return x.length === y.length && x.every((byte, i) => byte === y[i]);
  const p = a.data as readonly string[];
  const q = b.data as readonly string[];
  return p.every((text, i) => text === q[i]);
}
