/** The protobuf wire format (https://protobuf.dev/programming-guides/encoding/): just what ONNX files need. */
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** A file that is not a readable ONNX model. */
export class OnnxError extends Error {
  override name = 'OnnxError';
}

/** An integer of up to 64 bits; `bigint` only outside the safe range of `number`. */
export type Integer = number | bigint;

export class ProtoWriter {
  private buffer = new Uint8Array(256);
  private length = 0;

  private reserve(extra: number): void {
    if (this.length + extra <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.length + extra));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }

  private raw(value: Integer): void {
    this.reserve(10);
    if (typeof value === 'bigint' || value < 0 || value > 0xffff_ffff) {
      let rest = BigInt.asUintN(64, BigInt(value));
      while (rest > 127n) {
        this.buffer[this.length++] = Number(rest & 127n) | 128;
        rest >>= 7n;
      }
      this.buffer[this.length++] = Number(rest);
      return;
    }
    let rest = value >>> 0;
    while (rest > 127) {
      this.buffer[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.buffer[this.length++] = rest;
  }

  varint(field: number, value: Integer): void {
    this.raw(field << 3);
    this.raw(value);
  }

  float(field: number, value: number): void {
    this.raw((field << 3) | 5);
    this.reserve(4);
    new DataView(this.buffer.buffer).setFloat32(this.length, value, true);
    this.length += 4;
  }

  bytes(field: number, value: Uint8Array): void {
    this.raw((field << 3) | 2);
    this.raw(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  string(field: number, value: string): void {
    this.bytes(field, encodeUtf8(value));
  }

  message(field: number, write: (inner: ProtoWriter) => void): void {
    const inner = new ProtoWriter();
    write(inner);
    this.bytes(field, inner.finish());
  }

  packedVarints(field: number, values: ArrayLike<Integer>): void {
    const inner = new ProtoWriter();
    for (let i = 0; i < values.length; i++) inner.raw(values[i]!);
    this.bytes(field, inner.finish());
  }

  packedFloats(field: number, values: ArrayLike<number>): void {
    const inner = new Uint8Array(values.length * 4);
    const view = new DataView(inner.buffer);
    for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i]!, true);
    this.bytes(field, inner);
  }

  /** The bytes written so far; a view on the buffer, so take it once and last. */
  finish(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }
}

/** One field as it stands in the file: a number (varint), or bytes (length-delimited and fixed-width kinds). */
export interface ProtoField {
  readonly number: number;
  readonly wireType: number;
  readonly integer: Integer;
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

class Cursor {
  readonly bytes: Uint8Array;
  position = 0;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  varint(): Integer {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      low |= (byte & 127) << shift;
      if (byte < 128) return low;
    }
    let wide = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      wide |= BigInt(byte & 127) << shift;
      if (byte < 128) {
        const signed = BigInt.asIntN(64, wide);
        const small = Number(signed);
        return Number.isSafeInteger(small) ? small : signed;
      }
    }
    throw new OnnxError('The file is damaged: a number is longer than 64 bits.');
  }

  take(count: number): Uint8Array {
    if (count < 0 || this.position + count > this.bytes.length) {
      throw new OnnxError('The file is cut off or damaged: a field reaches past the end.');
    }
    this.position += count;
    return this.bytes.subarray(this.position - count, this.position);
  }

  private byte(): number {
    const byte = this.bytes[this.position++];
    if (byte === undefined) throw new OnnxError('The file is cut off: it ends inside a number.');
    return byte;
  }
}

/** The fields of one message in file order. */
export function* readFields(bytes: Uint8Array): Generator<ProtoField> {
  const cursor = new Cursor(bytes);
  while (cursor.position < bytes.length) {
    const tag = Number(cursor.varint());
    const wireType = tag & 7;
    const number = tag >>> 3;
    if (number === 0) throw new OnnxError('The file is damaged: field number 0.');
    if (wireType === 0) yield { number, wireType, integer: cursor.varint(), bytes: NO_BYTES };
    else if (wireType === 1) yield { number, wireType, integer: 0, bytes: cursor.take(8) };
    else if (wireType === 5) yield { number, wireType, integer: 0, bytes: cursor.take(4) };
    else if (wireType === 2) yield { number, wireType, integer: 0, bytes: cursor.take(Number(cursor.varint())) };
    else throw new OnnxError(`The file is damaged: unknown wire type ${wireType}.`);
  }
}

/** Integers of a repeated field, packed or not, appended to `into`. */
export function readIntegers(field: ProtoField, into: Integer[]): void {
  if (field.wireType === 0) {
    into.push(field.integer);
    return;
  }
  const cursor = new Cursor(field.bytes);
  while (cursor.position < field.bytes.length) into.push(cursor.varint());
}

/** 32-bit floats of a repeated field, packed or not, appended to `into`. */
export function readFloats(field: ProtoField, into: number[]): void {
  const view = new DataView(field.bytes.buffer, field.bytes.byteOffset, field.bytes.byteLength);
  for (let p = 0; p + 4 <= field.bytes.length; p += 4) into.push(view.getFloat32(p, true));
}

/** 64-bit floats of a repeated field, packed or not, appended to `into`. */
export function readDoubles(field: ProtoField, into: number[]): void {
  const view = new DataView(field.bytes.buffer, field.bytes.byteOffset, field.bytes.byteLength);
  for (let p = 0; p + 8 <= field.bytes.length; p += 8) into.push(view.getFloat64(p, true));
}

export const readString = (field: ProtoField): string => decodeUtf8(field.bytes);
