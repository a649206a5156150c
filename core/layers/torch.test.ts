/** Blocks against PyTorch: `torch-values.json` holds what `torch_values.py` beside it wrote. */
import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { bindNetwork, type NetworkBuilder, type Value } from '../ir/network.ts';
import { countOf } from '../ir/shape.ts';
import { gradientsOf, runForward, seeded } from '../ops/testing/gradient-check.ts';
import { convNextBlock } from './convnext.ts';
import { residualBlock } from './image.ts';
import { mbConv } from './inverted.ts';
import { lastState, recurrent } from './recurrent.ts';
import { temporalBlock } from './temporal.ts';
import { withoutNoise } from './testing/check-layer.ts';
import { exampleGraph, type GraphForm, graphForms, graphLayers } from './testing/graph-cases.ts';
import stored from './testing/torch-values.json' with { type: 'json' };
import { transformerBlock } from './transformer.ts';

interface Example {
  readonly input: readonly number[];
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly output: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const examples: Readonly<Record<string, Example>> = stored.cases;

const blocks: Readonly<Record<string, (net: NetworkBuilder, x: Value) => Value>> = {
  'transformer block': (net, x) => transformerBlock(net, 'l', x, { heads: 2, hidden: 6, gate: 'gelu', shifted: true }),
  lstm: (net, x) => recurrent(net, 'l', x, 'lstm', 2),
  gru: (net, x) => lastState(net, 'l', x, 'gru', 2),
  'residual block': (net, x) => residualBlock(net, 'l', x, 3, { stride: 2 }),
  'inverted block': (net, x) => mbConv(net, 'l', x, 2, { expansion: 2, squeeze: 2 }),
  'convnext block': (net, x) => convNextBlock(net, 'l', x, { kernel: 3, expansion: 2 }),
  'temporal block': (net, x) => temporalBlock(net, 'l', x, 2, { kernel: 2, dilation: 2 }),
};

/** The layer of each example on a graph. */
const onGraphs = {
  'graph convolution': 'graph convolution',
  'graph attention': 'graph attention',
  GraphSAGE: 'GraphSAGE of means',
  'graph isomorphism': 'graph isomorphism',
  chebyshev: 'a Chebyshev convolution',
  arma: 'an ARMA layer',
} as const;

const wave = (count: number, of: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => of(i));

async function compare(name: string, build: (net: NetworkBuilder, x: Value) => Value, fixed = {}): Promise<void> {
  const { input, parameters, output, gradients } = examples[name]!;
  const built = seeded((net) =>
    build(net, net.input('x', input.length === 3 && input[0] === 1 ? input : ['K', ...input])),
  );
  const network = withoutNoise(bindNetwork(built.network, { K: 1 }));
  const trained = network.parameters.filter((p) => p.rate !== 0);
  const shapes = trained.map((p) => [p.name.slice('l.'.length), p.value.shape.slice(1)] as const);
  expect(Object.entries(parameters)).toEqual(shapes);
  const feeds: Record<string, readonly number[]> = {
    ...fixed,
    x: wave(
      input.reduce((a, b) => a * b),
      (i) => Math.sin(2 + 0.9 * i),
    ),
    seed: wave(output.length, (i) => Math.cos(0.5 * i)),
    ...Object.fromEntries(network.parameters.map((p) => [p.name, wave(countOf(p.value.shape), () => 1)])),
    ...Object.fromEntries(
      trained.map((p, t) => [p.name, wave(countOf(p.value.shape), (i) => 0.4 * Math.sin(1 + 1.3 * t + 0.7 * i))]),
    ),
  };
  const result = await runForward(nodeRuntime, network, network.outputs.out!, feeds, 'training');
  result.forEach((v, i) => {
    expect(v).toBeCloseTo(output[i]!, 5);
  });
  const ours = await gradientsOf(nodeRuntime, network, network.values[built.loss.id]!, feeds, { type: 'float64' });
  for (const [part, wanted] of Object.entries(gradients)) {
    const got = ours[`d_${part === 'x' ? 'x' : `l.${part}`}`]!;
    got.forEach((g, i) => {
      // Weights of edges are float32.
      expect(Math.abs(g - wanted[i]!), `${part} ${i}`).toBeLessThan(1e-7);
    });
  }
}

test.each(Object.keys(blocks))('%s: outputs and gradients are those of PyTorch', (name) =>
  compare(name, blocks[name]!),
);

const overForms = Object.keys(onGraphs).flatMap((name) => graphForms.map((form) => [name, form] as const));

test.each(overForms)('%s over %s: outputs and gradients are those of PyTorch', (name, form: GraphForm) => {
  const { needs, build } = graphLayers[onGraphs[name as keyof typeof onGraphs]]!;
  const { inputs, fixed } = exampleGraph(form, needs);
  return compare(name, (net, x) => build(net, x, inputs(net)), fixed);
});
