/** The command line as people call it: a process of its own, from another folder, on a state folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replayReportSchema } from '#core/contracts/replay.ts';
import { runResultSchema } from '#core/contracts/result.ts';
import { isAsk, type SearchTrace } from '#core/strategies/trace.ts';
import { classTable } from '#tests/db/table.ts';
import { chainParts, type Receipt } from '#workers/trainers/receipt.ts';
import { isAlive, readRunFile } from '../dev/run-file.ts';

const script = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'warmstart.mjs');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warmstart-cli-'));
  // The database's own user must be able to enter it.
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'people.csv'), classTable(300));
});
afterAll(async () => {
  const pid = readRunFile(join(folder, 'data'))?.pids.supervisor;
  if (pid) {
    process.kill(pid, 'SIGTERM');
    for (let i = 0; i < 100 && isAlive(pid, 'supervise.ts'); i++) await new Promise((done) => setTimeout(done, 100));
  }
  await rm(folder, { recursive: true, force: true });
}, 30_000);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function warmstart(args: string[], started?: (child: ChildProcess) => void): Promise<Ended> {
  const { WARMSTART_STARTED: _, ...env } = process.env;
  const child = spawn(process.execPath, [script, ...args], { cwd: folder, env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  started?.(child);
  return new Promise((done) => child.on('close', (code) => done({ code, stdout, stderr })));
}

const data = () => ['--data', join(folder, 'data')];

describe('run, predict, check', () => {
  test('a table in, a verified file out, and the file agrees with what was said', async () => {
    const ended = await warmstart([
      ...['run', 'people.csv', '--target', 'left', '--budget', '40s', '--trials', '4', '--seed', '3'],
      ...['--out', 'model.onnx', '--bundle', 'model.zip', '--json', ...data()],
    ]);
    expect(ended.stderr).toContain('prepared');
    expect(ended.code).toBe(0);
    expect(ended.stdout.trim().split('\n')).toHaveLength(1);
    const result = runResultSchema.parse(JSON.parse(ended.stdout));
    const model = await readFile(join(folder, 'model.onnx'));
    expect(result).toMatchObject({ status: 'ready', seed: 3, target: 'left', task: 'classification' });
    expect(result.model).toMatchObject({ path: join(folder, 'model.onnx'), bytes: model.byteLength });
    expect(result.verification.every((v) => v.pass)).toBe(true);
    expect((await readFile(join(folder, 'model.zip'))).subarray(0, 2).toString()).toBe('PK');
  }, 200_000);

  test('predicts every row in order, the same on both runtimes, whatever the target column holds', async () => {
    const rows = `${(await readFile(join(folder, 'people.csv'), 'utf8')).split('\n').slice(0, 21).join('\n')}\n`;
    await writeFile(join(folder, 'rows.csv'), rows);
    await writeFile(join(folder, 'odd.csv'), rows.replace(/,(yes|no)\n/g, ',?\n'));
    const out: string[] = [];
    for (const [file, runtime] of [
      ['rows.csv', 'node'],
      ['rows.csv', 'web'],
      ['odd.csv', 'node'],
    ] as const) {
      const ended = await warmstart(['predict', 'model.onnx', file, '--out', 'p.csv', '--runtime', runtime]);
      expect(ended.stderr).toBe('');
      expect(ended.code).toBe(0);
      out.push(await readFile(join(folder, 'p.csv'), 'utf8'));
    }
    const [first, second, third] = out.map((text) => text.trim().split('\n'));
    expect(first?.[0]).toBe('prediction,probability_no,probability_yes');
    expect(first).toHaveLength(21);
    expect(third).toEqual(first);
    first?.slice(1).forEach((line, i) => {
      const [label, no, yes] = line.split(',');
      expect(Number(no) + Number(yes)).toBeCloseTo(1, 5);
      expect(second?.[i + 1]?.split(',')[0]).toBe(label);
      expect(Math.abs(Number(second?.[i + 1]?.split(',')[2]) - Number(yes))).toBeLessThan(1e-4);
    });
  }, 120_000);

  test('check passes on its own golden rows and fails on forged ones', async () => {
    const [id = ''] = readdirSync(join(folder, 'data/blobs/models'));
    const golden = await readFile(join(folder, 'data/blobs/models', id, 'golden.jsonl'), 'utf8');
    await writeFile(join(folder, 'golden.jsonl'), golden);
    for (const runtime of ['node', 'web'])
      expect(await warmstart(['check', 'model.onnx', '--golden', 'golden.jsonl', '--runtime', runtime])).toMatchObject({
        code: 0,
      });
    const [line = '', ...rest] = golden.split('\n');
    const forged = { ...JSON.parse(line), label: 'yes', probabilities: [0, 1] };
    await writeFile(join(folder, 'forged.jsonl'), [JSON.stringify(forged), ...rest].join('\n'));
    const ended = await warmstart(['check', 'model.onnx', '--golden', 'forged.jsonl']);
    expect(ended).toMatchObject({ code: 5, stdout: expect.stringContaining('DISAGREES') });
    expect(ended.stderr).toContain('row 1');
  }, 120_000);

  test('replay makes the same file again, and tells a forged ask and other data apart', async () => {
    const same = await warmstart(['replay', 'model.zip', 'people.csv', '--out', 'again.onnx', '--json']);
    const report = replayReportSchema.parse(JSON.parse(same.stdout));
    expect(report).toMatchObject({ same: true, differences: [], asks: { differ: 0 }, trials: { differ: 0 } });
    expect(same.code).toBe(0);
    expect(report.asks.proposals).toBeGreaterThanOrEqual(3);
    expect(report.trials.retrained).toBeGreaterThanOrEqual(3);
    expect(await readFile(join(folder, 'again.onnx'))).toEqual(await readFile(join(folder, 'model.onnx')));

    const [id = ''] = readdirSync(join(folder, 'data/blobs/models'));
    const receipt = JSON.parse(
      await readFile(join(folder, 'data/blobs/models', id, 'receipt.json'), 'utf8'),
    ) as Receipt;
    const parts = receipt.parts.map(({ name, content }) => ({ name, content }));
    const trace = parts.find(({ name }) => name === 'trace')?.content as SearchTrace;
    const ask = trace.entries.filter(isAsk).find(({ proposals }) => proposals.length > 0);
    Object.assign(ask?.proposals[0] ?? {}, { hash: '0'.repeat(64) });
    // All its hashes fit again: only asking tells.
    const about = receipt.parts.findIndex(({ hash }) => hash === receipt.hash) + 1;
    const forged = chainParts(parts.slice(0, about), parts.slice(about));
    await writeFile(join(folder, 'forged.json'), JSON.stringify(forged));
    const people = await readFile(join(folder, 'people.csv'), 'utf8');
    await writeFile(join(folder, 'other.csv'), people.replace(',yes\n', ',no\n'));
    const other = await warmstart(['replay', 'forged.json', 'other.csv', '--json']);
    expect(other.code).toBe(5);
    const { differences, ...rest } = replayReportSchema.parse(JSON.parse(other.stdout));
    expect(rest).toMatchObject({ same: false, model: { rebuilt: null }, asks: { differ: 1 } });
    expect(differences.map(({ place }) => place)).toEqual(['asks', 'asks', 'data']);
    expect(differences[0]?.message).toMatch(
      /^Ask 1 of \d+, proposal 1: recorded is another design \(portfolio, 000000000000/,
    );
    expect(differences[1]?.message).toContain('its design is not the one that was asked for');
    expect(differences[2]?.message).toContain('other.csv is another file than the search had');
  }, 150_000);

  test('replay says what is wrong with what it is given', async () => {
    expect(await warmstart(['replay', 'model.zip'])).toMatchObject({ code: 2, stdout: '' });
    const none = await warmstart(['replay', 'people.csv', 'people.csv']);
    expect(none).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('neither a receipt') });
    await writeFile(join(folder, 'no-rows.csv'), '');
    expect(await warmstart(['replay', 'model.zip', 'no-rows.csv'])).toMatchObject({ code: 3, stdout: '' });
  }, 60_000);

  test('Ctrl-C writes the best model so far and ends with 130', async () => {
    const ended = await warmstart(
      [
        'run',
        'people.csv',
        '--target',
        'left',
        '--budget',
        '120s',
        '--reuse',
        'off',
        '--out',
        'best.onnx',
        '--json',
        ...data(),
      ],
      (child) => {
        let sent = false;
        child.stderr?.on('data', (chunk) => {
          if (sent || !String(chunk).includes('first usable model')) return;
          sent = true;
          child.kill('SIGINT');
        });
      },
    );
    expect(ended.stderr).toContain('best.onnx');
    expect(ended.code).toBe(130);
    expect(runResultSchema.parse(JSON.parse(ended.stdout))).toMatchObject({ status: 'cancelled' });
    expect(existsSync(join(folder, 'best.onnx'))).toBe(true);
    expect(await warmstart(['predict', 'best.onnx', 'rows.csv', '--out', 'q.csv'])).toMatchObject({ code: 0 });
  }, 150_000);
});

describe('what is wrong is said plainly', () => {
  test('usage', async () => {
    expect(await warmstart(['runn'])).toMatchObject({ code: 2, stdout: '' });
    expect(await warmstart(['run', 'people.csv', '--target', 'left', '--bogus'])).toMatchObject({ code: 2 });
    expect(await warmstart(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('warmstart run') });
  }, 60_000);

  test('flags that the data cannot follow are usage, and say what there is instead', async () => {
    const many = ['a,y', ...Array.from({ length: 60 }, (_, i) => `${i},c${i % 3}`)];
    await writeFile(join(folder, 'many.csv'), many.join('\n'));
    for (const [args, words] of [
      [['people.csv', '--target', 'gone'], 'There is no column gone. The columns are age'],
      [['people.csv', '--target', 'left', '--group-column', 'gone'], 'no group column "gone"'],
      [['people.csv', '--target', 'left', '--time-column', 'gone'], 'no time column "gone"'],
      [['people.csv', '--target', 'left', '--positive-class', 'maybe'], 'it has yes and no'],
      [['people.csv', '--target', 'left', '--task', 'regression'], 'choose classification'],
      [['many.csv', '--target', 'y', '--metric', 'f1'], 'choose f1_macro'],
      [['many.csv', '--target', 'y', '--positive-class', 'c0'], 'two classes'],
    ] as const) {
      const ended = await warmstart(['run', ...args, '--budget', '10s', '--json', ...data()]);
      expect(ended, args.join(' ')).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain(words);
      expect(ended.stderr).not.toContain('    at ');
    }
    for (const args of [
      ['predict', 'no.onnx', 'people.csv', '--out', 'p.csv'],
      ['predict', 'people.csv', 'people.csv', '--out', 'people.csv'],
      ['check', 'no.onnx', '--golden', 'people.csv'],
    ])
      expect(await warmstart(args), args.join(' ')).toMatchObject({ code: 2, stdout: '' });
  }, 120_000);

  test.runIf(existsSync('/proc/self/task'))(
    '4 when every process that trains is killed',
    async () => {
      await writeFile(join(folder, 'large.csv'), classTable(20_000));
      let killing: NodeJS.Timeout | undefined;
      const args = [
        'large.csv',
        '--target',
        'left',
        '--budget',
        '60s',
        '--trials',
        '1',
        '--reuse',
        'off',
        '--prior',
        'off',
      ];
      const ended = await warmstart(['run', ...args, '--out', 'none.onnx', '--json', ...data()], (child) => {
        child.stderr?.on('data', (chunk) => {
          if (!String(chunk).includes('searching')) return;
          const worker = readRunFile(join(folder, 'data'))?.pids.worker;
          killing ??= setInterval(() => {
            const children = readFileSync(`/proc/${worker}/task/${worker}/children`, 'utf8').trim().split(' ');
            for (const pid of children) if (pid) process.kill(Number(pid), 'SIGKILL');
          }, 5);
        });
      });
      clearInterval(killing);
      expect(ended.code).toBe(4);
      expect(ended.stderr).toContain('No trial finished');
      expect(runResultSchema.parse(JSON.parse(ended.stdout))).toMatchObject({ status: 'failed', failure: 'no_model' });
      expect(existsSync(join(folder, 'none.onnx'))).toBe(false);
    },
    120_000,
  );

  test('bad data: an empty file, one class', async () => {
    await writeFile(join(folder, 'empty.csv'), '');
    expect(await warmstart(['run', 'empty.csv', '--target', 'a', ...data()])).toMatchObject({ code: 3 });
    await writeFile(join(folder, 'one.csv'), `a,y\n${Array.from({ length: 50 }, (_, i) => `${i},yes`).join('\n')}\n`);
    const one = await warmstart(['run', 'one.csv', '--target', 'y', '--budget', '10s', ...data()]);
    expect(one.code).toBe(3);
    expect(one.stderr).toContain('one value');
    expect(one.stderr).not.toContain('    at ');
  }, 120_000);
});
