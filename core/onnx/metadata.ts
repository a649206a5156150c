/** Replaces one entry of a model's metadata without decoding its graph. */
import { OnnxError, ProtoWriter, readFields, readString } from './wire.ts';

const METADATA_PROPS = 14;

/** The same file with `metadata_props[key] = value`; an earlier entry of that key is dropped. */
export function withMetadata(bytes: Uint8Array, key: string, value: string): Uint8Array {
  const w = new ProtoWriter();
  for (const field of readFields(bytes)) {
    if (field.wireType === 0) {
      w.varint(field.number, field.integer);
      continue;
    }
    if (field.wireType !== 2) throw new OnnxError('The file is damaged: an unknown field at its top level.');
    if (field.number === METADATA_PROPS) {
      const name = [...readFields(field.bytes)].find((part) => part.number === 1);
      if (name && readString(name) === key) continue;
    }
    w.bytes(field.number, field.bytes);
  }
  w.message(METADATA_PROPS, (entry) => {
    entry.string(1, key);
    entry.string(2, value);
  });
  return w.finish().slice();
}
