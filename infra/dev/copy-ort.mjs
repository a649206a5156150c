/**
 * Copies the browser builds of onnxruntime-web into `public/ort/<version>/`, where pages load them from our own origin.
 * Running it again copies only what is missing or was cut short; folders of other versions are removed.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const source = join(root, 'node_modules/onnxruntime-web');
const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
const target = join(root, 'public/ort', version);

/** The WebAssembly build, and the one that can also use WebGPU; each entry loads its own pair. */
const files = [
  'ort.wasm.min.mjs',
  'ort-wasm-simd-threaded.mjs',
  'ort-wasm-simd-threaded.wasm',
  'ort.webgpu.min.mjs',
  'ort-wasm-simd-threaded.asyncify.mjs',
  'ort-wasm-simd-threaded.asyncify.wasm',
];

mkdirSync(target, { recursive: true });
for (const name of readdirSync(dirname(target))) {
  if (name !== version) rmSync(join(dirname(target), name), { recursive: true });
}
for (const name of files) {
  const from = join(source, 'dist', name);
  const to = join(target, name);
  if (existsSync(to) && statSync(to).size === statSync(from).size) continue;
  // Copied beside and renamed, so that a page never loads half a file.
  copyFileSync(from, `${to}.part`);
  renameSync(`${to}.part`, to);
}
