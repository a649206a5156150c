/** Data and states in 16-bit floats: half the memory, at about three decimal digits. */
import type { Tensor } from '../contracts/runtime.ts';
import { floatToHalf, halfToFloat } from '../onnx/half.ts';
import type { TrainingState } from './state.ts';

/** Rows of float32 for an input that the program names under `half`. Throws a RangeError for a number beyond 65,504. */
export function halfRows({ type, dims, data }: Tensor): Tensor {
  if (type !== 'float32') throw new TypeError(`Data of type ${type} cannot be stored as 16-bit floats.`);
  return { type: 'float16', dims, data: halfOf(data as Float32Array) };
}

function halfOf(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (v) => {
    const bits = floatToHalf(v);
    if (Number.isFinite(v) && (bits & 0x7fff) === 0x7c00)
      throw new RangeError(`${v} is beyond the range of 16-bit floats.`);
    return bits;
  });
}

/** A state at rest. Parameters stay as they are: updates are smaller than what 16 bits can tell apart. */
export interface HalfState {
  readonly parameters: Float32Array;
  readonly first: Uint16Array;
  /** Square roots: squares of small gradients are below the range. */
  readonly second: Uint16Array;
  readonly average?: Float32Array;
  readonly step: number;
}

/** The state of a run that waits, its moments in 16 bits: two thirds of the memory. */
export function halfState({ parameters, first, second, average, step }: TrainingState): HalfState {
  const moments = { first: halfOf(first), second: halfOf(second.map(Math.sqrt)) };
  return { parameters, ...moments, ...(average ? { average } : {}), step };
}

export function fullState({ parameters, first, second, average, step }: HalfState): TrainingState {
  const moments = {
    first: Float32Array.from(first, halfToFloat),
    second: Float32Array.from(second, (bits) => halfToFloat(bits) ** 2),
  };
  return { parameters, ...moments, ...(average ? { average } : {}), step };
}
