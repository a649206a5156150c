/** Reads what an exported file says about itself, without touching its graph. */
import { type ModelMetadata, modelMetadataSchema } from '../contracts/result.ts';
import { OnnxError, readFields, readString } from '../onnx/wire.ts';

const METADATA_PROPS = 14;

/**
 * The `metadata_props.warmstart` of an ONNX file: columns with types and ranges, classes, metric and scores.
 * Weights are skipped, so that a large file costs no more than a small one.
 * @throws OnnxError when the file carries no such entry or an unknown version of it
 */
export function readModelMetadata(bytes: Uint8Array): ModelMetadata {
  for (const field of readFields(bytes)) {
    if (field.number !== METADATA_PROPS) continue;
    const pair = [...readFields(field.bytes)];
    const [key, value] = [pair.find((f) => f.number === 1), pair.find((f) => f.number === 2)];
    if (!key || !value || readString(key) !== 'warmstart') continue;
    const parsed = modelMetadataSchema.safeParse(JSON.parse(readString(value)));
    if (!parsed.success) throw new OnnxError('The description inside this model is of an unknown version.');
    return parsed.data;
  }
  throw new OnnxError('This ONNX file was not made by Warmstart: it does not describe its columns.');
}
