/** The main job in a browser: table, search, check, publish, predict, download. */
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { expect, type Page, test } from '@playwright/test';
import { makeFeeds } from '#core/serve/feeds.ts';
import { readModelMetadata } from '#core/serve/metadata.ts';
import { predictionHeader, predictionLines, readPredictions } from '#core/serve/predictions.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { expectFitsEverywhere } from './axe.ts';
import { startSearch } from './searching.ts';
import { tableFile } from './tables.ts';

async function save(page: Page, click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

const choose = (page: Page, item: RegExp) => async () => {
  await page
    .getByRole('button', { name: /^Download/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: item }).click();
};

/** The sample table with some species that are not: there is something to find. */
function penguinsWithWrongLabels(): string {
  const lines = readFileSync('db/seed/samples/penguins.csv', 'utf8').split('\n');
  return lines.map((line, i) => (i % 40 === 5 ? line.replace(/Adelie$|Chinstrap$/, 'Gentoo') : line)).join('\n');
}

/** Names and contents of a zip's entries, by its central directory. */
function unzip(bytes: Buffer): Map<string, Buffer> {
  const entries = new Map<string, Buffer>();
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < bytes.readUInt16LE(end + 10); i++) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [names, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + size);
    entries.set(bytes.toString('utf8', at + 46, at + 46 + names), method === 0 ? packed : inflateRawSync(packed));
    at += 46 + names + extra + comment;
  }
  return entries;
}

test('from a sample table to a checked, published model that predicts files in the page', async ({ page }) => {
  await startSearch(page, 20, { file: tableFile('penguins.csv', penguinsWithWrongLabels()) });
  await page.getByRole('link', { name: 'Open model' }).click({ timeout: 90_000 });
  await expect(page.getByRole('region', { name: 'Score' })).toContainText('sealed test, read once');

  await test.step('publishing waits for the browser check', async () => {
    await expect(page.getByRole('button', { name: 'Publish' })).toHaveAttribute('aria-disabled', 'true');
    await page.getByRole('button', { name: 'Run browser check' }).click();
    await expect(page.getByText(/^checked in /)).toBeVisible({ timeout: 90_000 });
    await expect(page.getByRole('region', { name: 'Latency' })).toContainText(/WASM, \d+ thread/);
    await page.getByRole('button', { name: 'Publish' }).click();
    await expect(page.getByText('published', { exact: true })).toBeVisible();
  });

  const model = await test.step('the ONNX file and the bundle download', async () => {
    const onnx = await save(page, choose(page, /^ONNX file/));
    expect(onnx.name).toMatch(/\.onnx$/);
    const bundle = unzip((await save(page, choose(page, /^Bundle/))).bytes);
    for (const name of ['model.onnx', 'schema.json', 'golden.jsonl', 'receipt.json', 'card.md']) {
      expect([...bundle.keys()]).toContain(name);
    }
    expect(bundle.get('model.onnx')?.equals(onnx.bytes)).toBe(true);
    return onnx.bytes;
  });

  const inPage = await test.step('a dropped file is predicted as Node predicts it', async () => {
    const metadata = readModelMetadata(model);
    const rows = Array.from({ length: 300 }, (_, row) =>
      metadata.columns.map(({ type, min, max, categories, typical }) => {
        if (row % 11 === 0) return '';
        if (type === 'number') return String((min ?? 0) + (((max ?? 1) - (min ?? 0)) * ((row * 7) % 100)) / 100);
        return row % 13 === 0 ? 'never seen' : (categories?.[row % categories.length] ?? String(typical ?? ''));
      }),
    );
    const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
    const lines = [metadata.columns.map((column) => column.name), ...rows].map((row) => row.map(quoted).join(','));
    await page.locator('input[type=file]').setInputFiles(tableFile('rows.csv', `${lines.join('\n')}\n`));
    await expect(page.getByText('300 rows of rows.csv predicted')).toBeVisible();
    const got = await save(page, () => page.getByRole('link', { name: /^predictions\.csv/ }).click());
    expect(got.name).toBe('predictions.csv');

    const session = await nodeRuntime.createSession(model);
    const place = new Map(metadata.columns.map((column, index) => [column.input, index]));
    const { tensors } = makeFeeds(metadata.columns, rows.length, (row, input) => rows[row]?.[place.get(input) ?? -1]);
    const expected = readPredictions(metadata, await session.run(tensors));
    const cells = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
    const [header, ...body] = cells(got.bytes.toString('utf8'));
    expect(header).toEqual(predictionHeader(expected).split(','));
    const [, ...wanted] = cells(`${predictionHeader(expected)}\n${predictionLines(expected)}`);
    expect(body).toHaveLength(300);
    for (const [row, cellsOfRow] of body.entries()) {
      for (const [column, cell] of cellsOfRow.entries()) {
        const other = wanted[row]?.[column] ?? '';
        if (column > 0) expect(Math.abs(Number(cell) - Number(other))).toBeLessThan(1e-4);
      }
    }
    await session.dispose();
    return { rows: `${lines.join('\n')}\n`, labels: body.map(([label]) => label) };
  });

  await test.step('a worker predicts the same file, and its answers are kept', async () => {
    await page.getByRole('tab', { name: 'Predicted files' }).click();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Predict a file' }).click();
    await (await chooser).setFiles(tableFile('batch.csv', inPage.rows));
    const link = page.getByRole('table', { name: 'Predicted files' }).getByRole('link', { name: /^CSV, / });
    await expect(link).toBeVisible({ timeout: 30_000 });
    const got = await save(page, () => link.click());
    expect(got.name).toBe('batch-predictions.csv');
    const [, ...lines] = got.bytes.toString('utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(inPage.labels);
  });

  await test.step('suspect rows are listed, and a version without a ticked one is made', async () => {
    await page.getByRole('tab', { name: 'Suspect rows' }).click();
    const first = page.getByRole('region', { name: 'Suspect rows' }).getByRole('checkbox', { name: /^Row / }).first();
    await first.check({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Make a version without them' }).click();
    await page.getByRole('link', { name: 'Open the new version' }).click();
    await expect(page.getByText(/^1 row of the file is left out by hand/)).toBeVisible({ timeout: 30_000 });
    await page.goBack();
  });

  await test.step('the playground answers in the page, also with a value missing', async () => {
    const form = page.getByRole('region', { name: 'Try it here' });
    const shares = form.getByRole('listitem').first();
    const before = await shares.textContent();
    const field = form.getByRole('textbox').first();
    await field.fill('');
    await expect(form.getByText(/ on average of \d+ training rows, /)).toBeVisible();
    await expect(form.getByRole('region', { name: 'Why' }).getByRole('listitem').first()).toContainText(/[+−]/);
    expect(await shares.textContent()).not.toBe('');
    await form.getByRole('button', { name: 'Reset' }).click();
    await expect(shares).toHaveText(before ?? '');
  });

  await test.step('the drawing is walked by arrow keys', async () => {
    await page.getByRole('tab', { name: 'Diagram' }).click();
    const first = page.getByRole('button', { name: /, input, / }).first();
    await first.focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('button', { name: /^Preparation, / })).toBeFocused();
  });

  await test.step('what columns do, and where the model is weak, is looked into', async () => {
    await page.getByRole('tab', { name: 'Effects' }).click();
    await expect(page.getByRole('figure', { name: /^Effects of columns on / })).toBeVisible({ timeout: 30_000 });
    await page.getByRole('tab', { name: 'Weak spots' }).click();
    await expect(page.getByText(/ groups of rows were tested| tested groups are worse/)).toBeVisible();
    await page.getByRole('tab', { name: 'Members' }).click();
    await expect(page.getByRole('table', { name: 'Members' })).toContainText('All together');
  });

  for (const tab of ['Runtimes', 'Metrics', 'Receipts']) {
    await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
  }
  await test.step('a replay of the receipt makes the same file', async () => {
    const bar = page.getByRole('region', { name: 'Replay' });
    await bar.getByRole('button', { name: 'Replay' }).click();
    await expect(bar).toContainText('The same file came out, byte by byte', { timeout: 120_000 });
    await expect(bar.getByRole('button', { name: 'Replay again' })).toBeEnabled();
  });
  await expectFitsEverywhere(page);
});

test('a model that does not exist, or belongs to others, says so', async ({ page }) => {
  await page.goto('/sign-in');
  await startSearch(page, 10);
  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Cancel search' }).click();
  const path = new URL(page.url()).pathname.replace(/searches\/.*/, 'models/00000000-0000-4000-8000-000000000000');
  await page.goto(path);
  await expect(page.getByRole('heading', { name: 'No such model' })).toBeVisible();
});
