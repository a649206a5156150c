/** Zero-cost scores: what one batch through an untrained network says about how it will train. */
import type { Runtime, Tensor } from '../contracts/runtime.ts';
import type { Network } from '../ir/network.ts';
import { symmetricEigenvalues } from '../math/eigenvalues.ts';
import { Gradients, type GradientsSpec } from './gradients.ts';

export interface ZeroCostRequest {
  readonly network: Network;
  /** Kinds and tensors of all data inputs, the target's included. */
  readonly kinds: GradientsSpec['data'];
  readonly data: Readonly<Record<string, Tensor>>;
  /** The input of features, rows of floats. */
  readonly features: string;
  /** The output before probabilities: what synflow and the Jacobian differentiate. */
  readonly logits: string;
  /** Another output whose spread over rows is measured, such as the last hidden layer; none where not stated. */
  readonly hidden?: string;
  /** Of one member, [n]. */
  readonly parameters: Float32Array;
  /** Rows of the batch; at least 2. */
  readonly rows: Int32Array;
}

export interface ZeroCostScores {
  /** Sum over parameters of the norms of their gradients (Abdelfattah and others 2021). */
  readonly gradientNorm: number;
  /** Sum of |gradient · parameter| (Lee and others 2019, SNIP). */
  readonly snip: number;
  /** Logarithm of the sum of |parameter · gradient| with absolute parameters on an input of ones (Tanaka and others 2020). */
  readonly logSynflow: number;
  /** How independent the rows' Jacobians are (Mellor and others 2020), larger is better. */
  readonly jacobianCovariance: number;
  /** The same of hidden states (Serianni and Kalita 2023). */
  readonly hiddenCovariance?: number;
}

/** All scores of one network on one batch. */
export async function zeroCostScores(runtime: Runtime, request: ZeroCostRequest): Promise<ZeroCostScores> {
  const { network, kinds, data, features, logits, hidden, parameters, rows } = request;
  const order = BigInt64Array.from(rows, BigInt);
  const using = async <T>(spec: Partial<GradientsSpec>, tensors: typeof data, use: (g: Gradients) => Promise<T>) => {
    const whole = { network, data: kinds, members: 1, batch: rows.length, ...spec };
    const gradients = await Gradients.create(runtime, whole, tensors);
    try {
      return await use(gradients);
    } finally {
      await gradients.dispose();
    }
  };
  const byLoss = await using({}, data, async (g) => {
    const { gradient } = await g.run(parameters, order);
    const norms = g.layout.entries.map((e) => norm(gradient.subarray(e.offset, e.offset + e.size)));
    return {
      gradientNorm: norms.reduce((a, b) => a + b, 0),
      snip: gradient.reduce((sum, v, i) => sum + Math.abs(v * parameters[i]!), 0),
    };
  });
  const onlyFeatures = { [features]: kinds[features]! };
  const outputs = hidden === undefined ? [] : [hidden];
  const wanted = { data: onlyFeatures, of: logits, inputs: [features], outputs };
  const { others } = await using(wanted, pick(data, features), (g) => g.run(parameters, order));
  const covariance = (values: Float32Array): number => independence(values, rows.length);
  return {
    ...byLoss,
    logSynflow: await using({ data: onlyFeatures, of: logits, batch: 1 }, onesLike(data, features), (g) =>
      logSynflow(g, parameters),
    ),
    jacobianCovariance: covariance(others[features]!),
    ...(hidden === undefined ? {} : { hiddenCovariance: covariance(others[hidden]!) }),
  };
}

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));

const pick = (data: Readonly<Record<string, Tensor>>, name: string) => ({ [name]: data[name]! });

/** One row of ones in place of the features. */
function onesLike(data: Readonly<Record<string, Tensor>>, name: string): Record<string, Tensor> {
  const { dims } = data[name]!;
  const width = dims.slice(1).reduce((a, b) => a * b, 1);
  return { [name]: { type: 'float32', dims: [1, ...dims.slice(1)], data: new Float32Array(width).fill(1) } };
}

/** Infinity where a network is so deep that products of its absolute parameters leave float32. */
async function logSynflow(gradients: Gradients, parameters: Float32Array): Promise<number> {
  const positive = parameters.map(Math.abs);
  const { gradient } = await gradients.run(positive, BigInt64Array.of(0n));
  const sum = gradient.reduce((total, g, i) => total + Math.abs(g * positive[i]!), 0);
  return Math.log(sum);
}

/**
 * -sum(log(v + k) + 1 / (v + k)) over the eigenvalues v of the correlation matrix of `rows` rows, k = 1e-5: largest where
 * rows are uncorrelated, as all eigenvalues are 1.
 */
export function independence(values: Float32Array, rows: number): number {
  const width = values.length / rows;
  const centred = Array.from({ length: rows }, (_, r) => {
    const row = Float64Array.from(values.subarray(r * width, (r + 1) * width));
    const mean = row.reduce((a, b) => a + b, 0) / width;
    const moved = row.map((v) => v - mean);
    const length = Math.sqrt(moved.reduce((a, b) => a + b * b, 0));
    return length > 0 ? moved.map((v) => v / length) : moved;
  });
  const correlation = new Float64Array(rows * rows);
  centred.forEach((a, i) => {
    centred.forEach((b, j) => {
      correlation[i * rows + j] = i === j ? 1 : a.reduce((sum, v, d) => sum + v * b[d]!, 0);
    });
  });
  const k = 1e-5;
  const terms = symmetricEigenvalues(correlation, rows).map(
    (v) => Math.log(Math.max(v, 0) + k) + 1 / (Math.max(v, 0) + k),
  );
  return -terms.reduce((a, b) => a + b, 0);
}
