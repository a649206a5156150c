/** Import rules between the top-level folders (docs/architecture.md), each with a canary that must be caught. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Folders that each folder may import from, besides itself. */
const allowed: Record<string, readonly string[]> = {
  core: [],
  db: ['core'],
  server: ['core', 'db'],
  workers: ['core', 'db', 'server'],
  app: ['core', 'server'],
};

interface Rule {
  readonly name: string;
  readonly breaks: (file: string, target: string) => boolean;
}

const top = (path: string) => path.split('/')[0] ?? '';

const rules: readonly Rule[] = [
  {
    name: 'folders import only what lies below them',
    breaks: (file, target) => {
      const from = top(file);
      const to = top(target);
      return from in allowed && to in allowed && to !== from && !allowed[from]?.includes(to);
    },
  },
  {
    name: 'core imports no package, but zod in its contracts',
    breaks: (file, target) =>
      top(file) === 'core' &&
      target.startsWith('npm:') &&
      !(target === 'npm:zod' && file.startsWith('core/contracts/')),
  },
  {
    name: 'workers stay clear of the web: no server/api, no server/auth',
    breaks: (file, target) => top(file) === 'workers' && /^server\/(api|auth)\//.test(target),
  },
  {
    name: 'app reaches data only through server/api',
    breaks: (file, target) =>
      top(file) === 'app' && top(target) === 'server' && !/^server\/(api|auth|config)\//.test(target),
  },
  {
    name: 'onnxruntime-web runs only in the browser code and the worker runtime',
    breaks: (file, target) =>
      target.startsWith('npm:onnxruntime-web') && !/^(app\/_browser|workers\/runtime)\//.test(file),
  },
  {
    name: 'native inference stays in workers',
    breaks: (file, target) => target.startsWith('npm:onnxruntime-node') && !/^(workers\/runtime)\//.test(file),
  },
  {
    name: 'TensorFlow.js, which is opt-in, stays in the second trainer',
    breaks: (file, target) => target.startsWith('npm:@tensorflow/') && !file.startsWith('workers/tfjs/'),
  },
  {
    name: 'server knows no React and no Next but in its auth and api',
    breaks: (file, target) =>
      top(file) === 'server' && /^npm:(react|next)($|\/)/.test(target) && !/^server\/(auth|api)\//.test(file),
  },
];

/** Import targets of a source text: a path below the root, or `npm:package`. Type-only imports count too, except from packages. */
function importsOf(file: string, text: string): string[] {
  const found: string[] = [];
  // Code inside template texts, such as the snippets of a bundle, runs elsewhere.
  const own = text.replaceAll(/`(?:\\.|[^`\\])*`/gs, '``');
  for (const match of own.matchAll(
    /(?:^|[\s;])(import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g,
  )) {
    const typeOnly = match[2] !== undefined;
    const specifier = match[3] ?? match[4] ?? '';
    if (specifier.startsWith('#')) found.push(specifier.slice(1));
    else if (specifier.startsWith('.')) found.push(normalize(join(dirname(file), specifier)));
    else if (!typeOnly && !specifier.startsWith('node:')) found.push(`npm:${specifier}`);
    else if (specifier.startsWith('node:') && top(file) === 'core') found.push(`npm:${specifier}`);
  }
  return found;
}

const violations = (file: string, text: string) =>
  importsOf(file, text).flatMap((target) =>
    rules.filter((rule) => rule.breaks(file, target)).map((rule) => `${file} -> ${target}: ${rule.name}`),
  );

function* sources(folder: string): Generator<string> {
  for (const name of readdirSync(join(root, folder))) {
    const path = `${folder}/${name}`;
    if (statSync(join(root, path)).isDirectory()) yield* sources(path);
    else if (/\.(ts|tsx)$/.test(name) && !/\.test\.tsx?$/.test(name)) yield relative(root, join(root, path));
  }
}

describe('import rules', () => {
  test('no source file breaks one', () => {
    const found = Object.keys(allowed).flatMap((folder) =>
      [...sources(folder)].flatMap((file) => violations(file, readFileSync(join(root, file), 'utf8'))),
    );
    expect(found).toEqual([]);
  });

  test.each([
    ['core/prep/x.ts', "import { readFile } from 'node:fs/promises';"],
    ['core/prep/x.ts', "import { db } from '../../db/client.ts';"],
    ['core/prep/x.ts', "import { z } from 'zod';"],
    ['db/x.ts', "import { startSearch } from '#server/services/search/start.ts';"],
    ['workers/jobs/x.ts', "import { appRouter } from '#server/api/root.ts';"],
    ['app/page.tsx', "import { startSearch } from '#server/services/search/start.ts';"],
    ['app/page.tsx', "import { users } from '#db/schema/index.ts';"],
    ['app/page.tsx', "const ort = await import('onnxruntime-web');"],
    ['server/services/x.ts', "import { InferenceSession } from 'onnxruntime-node';"],
    ['workers/trainers/x.ts', "const tf = await import('@tensorflow/tfjs-node');"],
    ['server/services/x.ts', "import { cookies } from 'next/headers';"],
  ])('the canary in %s is caught: %s', (file, text) => {
    expect(violations(file, text)).not.toEqual([]);
  });
});
