/** What stops an import, in words that name the node. */
import type { Node } from '../onnx/model.ts';

/** A model that cannot become a trainable network; the message names the node, its operator and what was found. */
export class ImportError extends Error {
  override name = 'ImportError';
}

/** A node as an error names it: its name where it has one, else its first output. */
export const nameOf = (node: Node): string => `${node.name || node.outputs[0] || 'without a name'} (${opName(node)})`;

/** Operator with its domain, ai.onnx left out. */
export const opName = ({ domain, op }: Node): string =>
  domain === '' || domain === 'ai.onnx' ? op : `${domain}.${op}`;
