/** Loads TensorFlow.js, an opt-in dependency, with the backend asked for. */
import { createRequire, registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import util from 'node:util';
import type { Tf } from './ops/call.ts';

/** `cpu`: plain JavaScript, for tests and small networks; `node`, `node-gpu`: native kernels, where they were built (infra/tfjs). */
export const tfjsBackends = ['auto', 'node-gpu', 'node', 'cpu'] as const;
export type TfjsBackend = (typeof tfjsBackends)[number];

export interface LoadedTf {
  readonly tf: Tf;
  /** As it appears in logs and on trials, e.g. `tfjs 4.22.0 cpu`. */
  readonly name: string;
}

const packages: Readonly<Record<Exclude<TfjsBackend, 'auto'>, string>> = {
  'node-gpu': '@tensorflow/tfjs-node-gpu',
  node: '@tensorflow/tfjs-node',
  cpu: '@tensorflow/tfjs-backend-cpu',
};

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Where packages are looked for: those of this installation, then what `infra/tfjs/build-native.ts` built. */
const homes = [import.meta.url, join(root, '.tfjs', 'package.json')];

/** Path of a package's entry. Throws the resolver's error where it is not installed. */
function resolvePackage(name: string): string {
  const [own, built] = homes.map((home) => createRequire(home)) as [NodeJS.Require, NodeJS.Require];
  try {
    return own.resolve(name);
  } catch {
    return built.resolve(name);
  }
}

/** What tfjs-node 4.22 calls and Node 24 no longer has. */
function restoreRemoved(): void {
  const old = util as { isNullOrUndefined?: (value: unknown) => boolean; isArray?: (value: unknown) => boolean };
  old.isNullOrUndefined ??= (value) => value === null || value === undefined;
  old.isArray ??= Array.isArray;
}

/**
 * The gradients of operators, which the core alone does not register. They lie beside it as modules whose imports leave
 * out `.js`; the package that has them bundled brings 240 MB of other things.
 */
async function registerGradients(file: string): Promise<void> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const inside = specifier.startsWith('.') && context.parentURL?.includes('/@tensorflow/tfjs-core/dist/');
      return next(inside && !specifier.endsWith('.js') ? `${specifier}.js` : specifier, context);
    },
  });
  try {
    await import(pathToFileURL(file).href);
  } finally {
    hooks.deregister();
  }
}

async function load(backend: Exclude<TfjsBackend, 'auto'>): Promise<LoadedTf> {
  restoreRemoved();
  const entry = resolvePackage(packages[backend]);
  const require = createRequire(entry);
  const tf: Tf = require('@tensorflow/tfjs-core');
  tf.enableProdMode();
  require(entry);
  if (!tf.getGradient('Sum'))
    await registerGradients(require.resolve('@tensorflow/tfjs-core/dist/register_all_gradients.js'));
  await tf.setBackend(backend === 'cpu' ? 'cpu' : 'tensorflow');
  await tf.ready();
  return { tf, name: `tfjs ${tf.version_core} ${backend}` };
}

/**
 * `auto` takes the fastest that is installed and says in its name which that is.
 * @throws Error that names the package to install when the backend cannot be loaded
 */
export async function loadTf(backend: TfjsBackend): Promise<LoadedTf> {
  const wanted = backend === 'auto' ? (['node-gpu', 'node', 'cpu'] as const) : [backend];
  const reasons: string[] = [];
  for (const one of wanted) {
    try {
      return await load(one);
    } catch (error) {
      reasons.push(`${packages[one]}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    }
  }
  throw new Error(`TensorFlow.js cannot be loaded. Install its package, or leave TRAINER unset. ${reasons.join('; ')}`);
}
