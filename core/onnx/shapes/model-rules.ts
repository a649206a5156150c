/** Shape rules of control flow, constants, and the operators of ai.onnx.ml and of text. */
import type { Dim } from '../model.ts';
import { type Inferred, UNKNOWN } from './inferred.ts';
import { MANY, type Rule, type RuleNode, type Schema, schema } from './rule.ts';

const constant: Rule = (node) => {
  const { value, value_float, value_int, value_floats, value_ints, value_string, value_strings } = node.node.attributes;
  if (value?.kind === 'tensor') return [ofTensor(value.value)];
  if (value_float) return [{ type: 'float32', dims: [] }];
  if (value_int?.kind === 'int') return [{ type: 'int64', dims: [], elements: [Number(value_int.value)] }];
  if (value_floats?.kind === 'floats') return [{ type: 'float32', dims: [value_floats.value.length] }];
  if (value_ints?.kind === 'ints') {
    return [{ type: 'int64', dims: [value_ints.value.length], elements: Array.from(value_ints.value, Number) }];
  }
  if (value_string) return [{ type: 'string', dims: [] }];
  if (value_strings?.kind === 'strings') return [{ type: 'string', dims: [value_strings.value.length] }];
  return node.fail('attribute value', 'a value', 'nothing');
};

/** Longest list of whole numbers that is followed as a shape. */
export const MOST_ELEMENTS = 64;

/** What is known of a tensor in the file. */
export function ofTensor({
  type,
  dims,
  data,
}: {
  type: Inferred['type'] & string;
  dims: readonly number[];
  data: ArrayLike<unknown>;
}): Inferred {
  const isList = (type === 'int64' || type === 'int32') && dims.length <= 1 && data.length <= MOST_ELEMENTS;
  return { type, dims, ...(isList ? { elements: Array.from(data, Number) } : {}) };
}

/** Values that pass through iterations, then values of each iteration stacked. */
const loop: Rule = (node) => {
  const carried = node.node.inputs.length - 2;
  const inputs = [
    { type: 'int64', dims: [] } as const,
    { type: 'bool', dims: [] } as const,
    ...node.inputs.slice(2).map(({ type, dims }) => ({ type, dims })),
  ];
  const outputs = node.subgraph('body', inputs).slice(1);
  return outputs.map((value, i): Inferred => {
    if (i < carried) return { type: value.type, dims: value.dims };
    return { type: value.type, dims: value.dims && [null, ...value.dims] };
  });
};

const branches: Rule = (node) => {
  node.typed(0, ['bool'], 'a condition');
  const [yes, no] = [node.subgraph('then_branch', []), node.subgraph('else_branch', [])];
  return yes.map((a, i): Inferred => {
    const b = no[i] ?? UNKNOWN;
    const type = a.type === b.type ? a.type : null;
    if (!a.dims || !b.dims || a.dims.length !== b.dims.length) return { type, dims: null };
    return { type, dims: a.dims.map((d, k) => (d === b.dims![k] ? d : null)) };
  });
};

const rowsOf = (node: RuleNode): Dim => node.input(0).dims?.[0] ?? null;

const trees: Rule = (node) => [{ type: 'float32', dims: [rowsOf(node), node.int('n_targets', 1)] }];

const labels: Rule = (node) => {
  const { attributes } = node.node;
  const key = Object.keys(attributes).find((name) => name.startsWith('values_') || name.startsWith('default_'));
  const kind = key?.split('_')[1] ?? '';
  const type = kind.startsWith('string')
    ? 'string'
    : kind.startsWith('int64')
      ? 'int64'
      : kind.startsWith('float')
        ? 'float32'
        : null;
  return [{ type, dims: node.input(0).dims }];
};

const terms: Rule = (node) => {
  const places = node.ints('ngram_indexes');
  const { dims } = node.input(0);
  const wide = places ? Math.max(-1, ...places) + 1 : null;
  return [{ type: 'float32', dims: dims && [...dims.slice(0, -1), wide] }];
};

const stringSplit: Rule = (node) => {
  const { dims } = node.input(0);
  return [
    { type: 'string', dims: dims && [...dims, null] },
    { type: 'int64', dims },
  ];
};

export const modelRules: readonly [string, Schema][] = [
  ['Constant', schema(constant, 0)],
  ['Loop', schema(loop, [2, MANY], [1, MANY])],
  ['If', schema(branches, 1, [1, MANY])],
  ['TreeEnsembleRegressor', schema(trees)],
  ['LabelEncoder', schema(labels)],
  ['TfIdfVectorizer', schema(terms)],
  ['StringSplit', schema(stringSplit, 1, 2)],
];
