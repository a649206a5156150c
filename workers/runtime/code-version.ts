/** Which code runs here. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CodeVersion {
  readonly version: string;
  readonly commit: string | null;
  readonly node: string;
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
let code: CodeVersion | undefined;

/** Version of the product, and the commit where it runs from a clone. */
export function codeVersion(): CodeVersion {
  if (code) return code;
  const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };
  let commit: string | null = null;
  try {
    commit = execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    // Not a clone, or no git on this machine.
  }
  code = { version, commit, node: process.versions.node };
  return code;
}
