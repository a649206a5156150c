/** Training programs in a real browser: the same weights as in Node, by WebAssembly and by WebGPU. */
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { ortVersion } from '#app/_browser/ort-version.ts';
import type { Tensor } from '#core/contracts/runtime.ts';
import { NetworkBuilder } from '#core/ir/network.ts';
import { batchNorm } from '#core/layers/batch-norm.ts';
import { Random } from '#core/math/random.ts';
import { programEngine, type TrainingEngine } from '#core/train/engine.ts';
import { initialState } from '#core/train/state.ts';
import { trainClassifier } from '#core/train/testing/classifier.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { askForWebGpu } from '#workers/runtime/testing/ask-for-webgpu.ts';
import { findBrowser } from './browser.ts';
import { adapterOf, pageRuntime } from './page-runtime.ts';
import { softwareVulkan } from './software-vulkan.ts';

const native = programEngine(nodeRuntime);
const largest = (a: Float32Array, b: Float32Array) => a.reduce((w, v, i) => Math.max(w, Math.abs(v - b[i]!)), 0);

/** Three classes of random images: convolution, normalisation, pooling, a product. Parameters after six steps. */
async function trainImages(engine: TrainingEngine): Promise<Float32Array> {
  const [rows, batch, size] = [24, 8, 8];
  const net = new NetworkBuilder();
  const w = net.parameter('w', ['K', 4, 1, 3, 3], { kind: 'normal', deviation: 0.4 });
  const x = net.input('x', ['K', batch, 1, size, size]);
  const normal = batchNorm(net, 'norm', net.apply('conv', [x, w], { pads: [1, 1, 1, 1] }));
  const pooled = net.apply('max-pool', [net.apply('relu', [normal])], { kernel: [2, 2] });
  const flat = net.apply('reshape', [pooled], { shape: ['K', batch, size * size] });
  const head = net.parameter('head', ['K', size * size, 3], { kind: 'normal', deviation: 0.2 });
  const y = net.input('y', ['K', batch, 3]);
  net.output('loss', net.apply('cross-entropy', [net.apply('matmul', [flat, head]), y], { smoothing: 0.1 }));
  const random = new Random(8);
  const images = Float32Array.from({ length: rows * size * size }, () => random.normal());
  const data: Record<string, Tensor> = {
    x: { type: 'float32', dims: [rows, 1, size, size], data: images },
    y: { type: 'int64', dims: [rows], data: BigInt64Array.from({ length: rows }, () => BigInt(random.integer(3))) },
  };
  const adam = { beta1: 0.9, beta2: 0.99 };
  const spec = { network: net.build(), members: 1, batch, decay: false, clipNorm: null, ...adam };
  const options = { ...adam, epsilon: 1e-6, seed: 2 };
  const trainer = await engine.create({ ...spec, data: { x: 'rows', y: 'classes' } }, data, options);
  const order = BigInt64Array.from({ length: 6 * batch }, (_, i) => BigInt(i % rows));
  const { state } = await trainer.advance(initialState(trainer.layout, [4]), { order, learningRate: () => 0.01 });
  await trainer.dispose();
  return state.parameters;
}

async function expectSameTraining(engine: TrainingEngine, tolerance: number): Promise<void> {
  const run = { members: [0, 1], dropout: 0.3 };
  const [here, there] = [await trainClassifier(native, run), await trainClassifier(engine, run)];
  expect(largest(there.state.parameters, here.state.parameters)).toBeLessThan(tolerance);
  expect(there.losses.at(-1)).toBeLessThan(there.losses[0]! * 0.7);
  expect(largest(await trainImages(engine), await trainImages(native))).toBeLessThan(tolerance);
}

test('WebAssembly trains to the weights of Node', async ({ page }) => {
  await page.goto('/sign-in');
  await expectSameTraining(programEngine(await pageRuntime(page, 'wasm', ortVersion)), 1e-4);
});

test.describe('WebGPU', () => {
  let browser: Browser;
  let page: Page;

  test.beforeAll(async ({ baseURL }) => {
    const { executablePath, args } = await findBrowser();
    // A GPU where the machine has one for browsers, else Chromium's software adapter: it checks results, not speed.
    const software = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
    const flags = process.env.WEBGPU_HARDWARE ? ['--enable-unsafe-webgpu'] : software;
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: [...args.filter((arg) => arg !== '--disable-gpu'), ...flags],
    });
    page = await browser.newPage();
    await page.goto(`${baseURL}/sign-in`);
  });
  test.afterAll(() => browser.close());

  test('trains to the weights of Node', async () => {
    const adapter = await adapterOf(page);
    test.skip(adapter === null, 'This browser offers no WebGPU adapter, not even a software one.');
    test.info().annotations.push({ type: 'adapter', description: adapter ?? '' });
    await expectSameTraining(programEngine(await pageRuntime(page, 'webgpu', ortVersion)), 1e-3);
  });
});

test("WebGPU in Node trains to the weights of the CPU on Chromium's driver in software", async () => {
  const driver = await softwareVulkan();
  test.skip(driver === null, 'This Chromium brings no Vulkan driver in software.');
  const found = await askForWebGpu(driver ?? {});
  expect(found.refused).toBeUndefined();
  expect(found.opened).toMatch(/^onnxruntime-node [\d.]+ webgpu$/);
  expect(found.difference).toBeLessThan(1e-3);
});
