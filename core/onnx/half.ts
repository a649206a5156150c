/** 16-bit floats as their bits: IEEE 754 binary16, and bfloat16 (the upper half of binary32). */
import type { ElementData, FileTensor } from './model.ts';

const word = new Uint32Array(1);
const real = new Float32Array(word.buffer);

const asFloat = (bits: number): number => {
  word[0] = bits;
  return real[0]!;
};
const asBits = (value: number): number => {
  real[0] = value;
  return word[0]!;
};

export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** `value / 2^shift` rounded to the nearest whole number, ties to even. */
function rounded(value: number, shift: number): number {
  const whole = Math.floor(value / 2 ** shift);
  const rest = value / 2 ** shift - whole;
  return rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole;
}

/** The nearest binary16, ties to even; beyond its range infinity. */
export function floatToHalf(value: number): number {
  const bits = asBits(value);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 255;
  const fraction = bits & 0x7fffff;
  if (exponent === 255) return sign | 0x7c00 | (fraction ? 0x200 : 0);
  const shifted = exponent - 112;
  if (shifted >= 31) return sign | 0x7c00;
  // A carry out of the fraction goes into the exponent, as it should.
  if (shifted > 0) return sign | Math.min(0x7c00, rounded((shifted << 23) + fraction, 13));
  return shifted < -10 ? sign : sign | rounded(fraction | 0x800000, 14 - shifted);
}

export const bfloatToFloat = (bits: number): number => asFloat((bits << 16) >>> 0);

/** The nearest bfloat16, ties to even. */
export function floatToBfloat(value: number): number {
  const bits = asBits(value);
  if (Number.isNaN(value)) return (bits >>> 16) | 0x40;
  return rounded(bits, 16) & 0xffff;
}

const isFloat = (type: string): boolean => type.startsWith('float') || type === 'bfloat16';

/** A tensor of floats of any width as float32, or null where it holds no floats. */
export function toFloat32({ type, data }: FileTensor): Float32Array | null {
  if (!isFloat(type)) return null;
  const decode = type === 'float16' ? halfToFloat : type === 'bfloat16' ? bfloatToFloat : null;
  const numbers = data as Float32Array | Float64Array | Uint16Array;
  return decode ? Float32Array.from(numbers, decode) : Float32Array.from(numbers);
}

/** float32 values as the data of a tensor of floats of type `type`. */
export function fromFloat32(type: string, values: Float32Array): ElementData {
  if (type === 'float64') return Float64Array.from(values);
  if (type === 'float16') return Uint16Array.from(values, floatToHalf);
  return type === 'bfloat16' ? Uint16Array.from(values, floatToBfloat) : values;
}
