/** All operators of the network description. A new operator is one file and one line here. */

import { abs } from './abs.ts';
import { adaptiveAveragePool } from './adaptive-average-pool.ts';
import { adaptiveMaxPool } from './adaptive-max-pool.ts';
import { add } from './add.ts';
import { averagePool } from './average-pool.ts';
import { batchNorm } from './batch-norm.ts';
import { bce } from './bce.ts';
import { clip } from './clip.ts';
import { concat } from './concat.ts';
import { constant } from './constant.ts';
import { conv } from './conv.ts';
import { convTranspose } from './conv-transpose.ts';
import { cos } from './cos.ts';
import { crossEntropy } from './cross-entropy.ts';
import { dice } from './dice.ts';
import { div } from './div.ts';
import { dropPath } from './drop-path.ts';
import { dropout } from './dropout.ts';
import { elu } from './elu.ts';
import { erf } from './erf.ts';
import { exp } from './exp.ts';
import { expand } from './expand.ts';
import { focal } from './focal.ts';
import { gather } from './gather.ts';
import { gelu } from './gelu.ts';
import { gemm } from './gemm.ts';
import { globalAveragePool } from './global-average-pool.ts';
import { gru } from './gru.ts';
import { hardSigmoid } from './hard-sigmoid.ts';
import { huber } from './huber.ts';
import { layerNorm } from './layer-norm.ts';
import { leakyRelu } from './leaky-relu.ts';
import { log } from './log.ts';
import { logSoftmax } from './log-softmax.ts';
import { lstm } from './lstm.ts';
import { mae } from './mae.ts';
import { matmul } from './matmul.ts';
import { maxPool } from './max-pool.ts';
import { maximum } from './maximum.ts';
import { minimum } from './minimum.ts';
import { mish } from './mish.ts';
import { mse } from './mse.ts';
import { mul } from './mul.ts';
import type { Attributes, Operator } from './operator.ts';
import { pad } from './pad.ts';
import { propagate } from './propagate.ts';
import { quantile } from './quantile.ts';
import { reduceMax } from './reduce-max.ts';
import { reduceMean } from './reduce-mean.ts';
import { reduceSum } from './reduce-sum.ts';
import { relu } from './relu.ts';
import { reshape } from './reshape.ts';
import { resize } from './resize.ts';
import { rmsNorm } from './rms-norm.ts';
import { rotary } from './rotary.ts';
import { scale } from './scale.ts';
import { scatterAdd } from './scatter-add.ts';
import { segmentMax } from './segment-max.ts';
import { segmentMean } from './segment-mean.ts';
import { segmentSoftmax } from './segment-softmax.ts';
import { select } from './select.ts';
import { selu } from './selu.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { sin } from './sin.ts';
import { slice } from './slice.ts';
import { softmax } from './softmax.ts';
import { softplus } from './softplus.ts';
import { sqrt } from './sqrt.ts';
import { sub } from './sub.ts';
import { tanh } from './tanh.ts';
import { transpose } from './transpose.ts';
import { where } from './where.ts';

export const operators = [
  add,
  sub,
  mul,
  div,
  matmul,
  gemm,
  relu,
  sigmoid,
  tanh,
  silu,
  gelu,
  selu,
  mish,
  exp,
  sqrt,
  cos,
  sin,
  clip,
  where,
  softmax,
  logSoftmax,
  layerNorm,
  dropout,
  concat,
  reshape,
  transpose,
  slice,
  gather,
  reduceSum,
  reduceMean,
  crossEntropy,
  bce,
  mse,
  huber,
  conv,
  averagePool,
  maxPool,
  globalAveragePool,
  resize,
  pad,
  expand,
  rmsNorm,
  batchNorm,
  leakyRelu,
  elu,
  hardSigmoid,
  log,
  abs,
  scatterAdd,
  segmentMean,
  segmentMax,
  segmentSoftmax,
  rotary,
  lstm,
  gru,
  mae,
  propagate,
  quantile,
  focal,
  dice,
  scale,
  convTranspose,
  dropPath,
  maximum,
  minimum,
  erf,
  constant,
  select,
  softplus,
  reduceMax,
  adaptiveAveragePool,
  adaptiveMaxPool,
] as const;

const byName: ReadonlyMap<string, Operator> = new Map(
  operators.map((operator): [string, Operator] => [operator.name, operator as unknown as Operator<Attributes>]),
);

/** The operator called `name`. Throws a RangeError naming it when there is none. */
export function operatorNamed(name: string): Operator {
  const operator = byName.get(name);
  if (!operator) throw new RangeError(`There is no operator called ${name}.`);
  return operator;
}
