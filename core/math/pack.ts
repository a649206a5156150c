/**
 * JSON and named typed arrays in one block of bytes: how prepared tasks and trained bags are stored and sent.
 * Layout: `WPK1`, uint32 length of the header, header JSON (UTF-8), then the arrays, each at a multiple of 8 bytes.
 * Little-endian throughout, as every platform of Node and browsers is.
 */
import { decodeUtf8, encodeUtf8 } from '../onnx/utf8.ts';

export type PackableArray = Float32Array | Float64Array | Int32Array | Uint8Array;

export interface Packed {
  /** Anything JSON can say. */
  readonly meta: unknown;
  readonly arrays: Readonly<Record<string, PackableArray>>;
}

const constructors = { Float32Array, Float64Array, Int32Array, Uint8Array } as const;
type TypeName = keyof typeof constructors;

interface Header {
  readonly meta: unknown;
  readonly arrays: readonly {
    readonly name: string;
    readonly type: TypeName;
    readonly length: number;
    readonly at: number;
  }[];
}

const MAGIC = 0x314b5057;
const align = (offset: number) => Math.ceil(offset / 8) * 8;

function typeName(array: PackableArray): TypeName {
  const found = (Object.keys(constructors) as TypeName[]).find((name) => array instanceof constructors[name]);
  if (!found) throw new TypeError('Only Float32Array, Float64Array, Int32Array and Uint8Array can be packed.');
  return found;
}

export function pack({ meta, arrays }: Packed): Uint8Array {
  let at = 0;
  const entries = Object.entries(arrays).map(([name, array]) => {
    const entry = { name, type: typeName(array), length: array.length, at };
    at = align(at + array.byteLength);
    return entry;
  });
  const header = encodeUtf8(JSON.stringify({ meta, arrays: entries } satisfies Header));
  const start = align(8 + header.length);
  const bytes = new Uint8Array(start + at);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, header.length, true);
  bytes.set(header, 8);
  for (const entry of entries) {
    const array = arrays[entry.name]!;
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + entry.at);
  }
  return bytes;
}

/** The inverse. Arrays are views on `bytes` where its alignment allows, copies otherwise. Throws on foreign bytes. */
export function unpack(bytes: Uint8Array): Packed {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || view.getUint32(0, true) !== MAGIC) throw new TypeError('These bytes are no packed block.');
  const length = view.getUint32(4, true);
  const header = JSON.parse(decodeUtf8(bytes.subarray(8, 8 + length))) as Header;
  const start = align(8 + length);
  const arrays: Record<string, PackableArray> = {};
  for (const { name, type, length: count, at } of header.arrays) {
    const construct = constructors[type];
    const from = start + at;
    const size = count * construct.BYTES_PER_ELEMENT;
    if (from + size > bytes.length) throw new RangeError(`The packed block is cut off inside ${name}.`);
    const aligned = (bytes.byteOffset + from) % construct.BYTES_PER_ELEMENT === 0;
    const buffer = aligned ? bytes.buffer : bytes.slice(from, from + size).buffer;
    arrays[name] = new construct(buffer as ArrayBuffer, aligned ? bytes.byteOffset + from : 0, count);
  }
  return { meta: header.meta, arrays };
}
